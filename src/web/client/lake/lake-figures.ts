import type { LakeDownload, LakeTableState } from '../../contract.ts';
import type { Explanation } from '../explain/explanation.ts';
import { formatBytes } from '../format/bytes.ts';
import { formatTime, type Zone, zoneName } from '../format/time.ts';
import { kindTexts } from './lake-texts.ts';

/** One figure of a table or a file. */
export interface LakeFigure {
  readonly label: string;
  readonly value: string;
  readonly explanation: Explanation;
}

/** What a table is like at its newest version; a table that nobody has written yet has no figures, and no zeros. */
export function tableFigures(table: LakeTableState, zone: Zone): readonly LakeFigure[] {
  const { name, kind, version, files, rows, bytes, updatedAt } = table;
  if (version === null) return [];
  const facts = asOf(updatedAt, zone);
  return [
    figure('Rows', grouped(rows), {
      title: `${name} · rows`,
      text: 'Rows in its newest version, by the statistics of its files.',
      facts,
    }),
    figure('Version', grouped(version), {
      title: `${name} · version`,
      text: `Commits to the table’s log, from 0. ${kindTexts[kind]}`,
      facts,
    }),
    figure('Files', grouped(files), {
      title: `${name} · files`,
      text: 'Parquet files of its newest version. Those that were replaced stay on the disk for a while, and are not counted.',
      facts,
    }),
    figure('Size', formatBytes(bytes), {
      title: `${name} · size`,
      text: 'Of these files together.',
      facts: [...facts, ['Exact', `${grouped(bytes)} bytes`]],
    }),
  ];
}

/** What a file to download is like. */
export function downloadFigures(download: LakeDownload, zone: Zone): readonly LakeFigure[] {
  const { name, rows, bytes, updatedAt, columns } = download;
  const facts = asOf(updatedAt, zone);
  return [
    figure('Rows', grouped(rows), { title: `${name} · rows`, text: 'Rows in the file, by its footer.', facts }),
    figure('Columns', grouped(columns.length), { title: `${name} · columns`, text: 'They are listed below.', facts }),
    figure('Size', formatBytes(bytes), {
      title: `${name} · size`,
      text: 'What a download takes.',
      facts: [...facts, ['Exact', `${grouped(bytes)} bytes`]],
    }),
  ];
}

const figure = (label: string, value: string, explanation: Explanation): LakeFigure => ({ label, value, explanation });

const asOf = (updatedAt: number | null, zone: Zone): readonly (readonly [string, string])[] => [
  ['As of', updatedAt === null ? 'unknown' : `${formatTime(updatedAt, 'full', zone)} ${zoneName(zone)}`],
];

const grouped = (count: number): string => count.toLocaleString('en-US');
