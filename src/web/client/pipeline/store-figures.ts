import type { Lake } from '../../contract.ts';
import type { Pipeline, StoreSize } from '../../pipeline-contract.ts';
import type { Explanation } from '../explain/explanation.ts';
import { formatBytes } from '../format/bytes.ts';
import { formatCounted } from '../format/count.ts';
import { NOTHING } from '../format/figure.ts';

interface StoreFigure {
  readonly label: string;
  /** Null until it was told. */
  readonly value: string | null;
  readonly explanation: Explanation;
}

const stores: readonly {
  readonly name: StoreSize['name'];
  readonly label: string;
  readonly text: string;
  readonly none: string;
}[] = [
  {
    ...{ name: 'log', label: 'Log', text: 'The topics of the embedded log, all of them.' },
    none: 'There is no log on this server’s disk: the topics lie on the brokers of a cluster.',
  },
  {
    ...{
      name: 'state',
      label: 'State',
      text: 'Stage 2’s hourly rows. It is a cache of the log, and may be deleted at any time.',
    },
    none: 'Stage 2 keeps no state on this server’s disk: it works on other machines, or has not begun.',
  },
  {
    ...{ name: 'view', label: 'View', text: 'The tables as this page’s server keeps them.' },
    none: 'This page’s server keeps no view on the disk.',
  },
];

/** What the stores take of the disk; what can't be had says why. */
export function storeFigures(pipeline: Pipeline | null, lake: Lake | null, asOf: string): readonly StoreFigure[] {
  return [
    ...stores.map(({ name, label, text, none }) => {
      const bytes = pipeline?.stores.find((store) => store.name === name)?.bytes;
      // The first look at the disk comes a moment after the first figures.
      const isWaited = pipeline === null || (pipeline.stores.length === 0 && bytes === undefined);
      return figure(label, bytes, {
        text,
        none: isWaited ? 'Not looked at yet: that takes a few seconds.' : none,
        asOf,
        isWaited: pipeline === null,
      });
    }),
    lakeFigure(lake, asOf),
  ];
}

function lakeFigure(lake: Lake | null, asOf: string): StoreFigure {
  const written = (lake?.tables ?? []).filter(({ version }) => version !== null);
  const bytes = written.length === 0 ? undefined : written.reduce((sum, table) => sum + table.bytes, 0);
  const text =
    'The files of the newest version of every table. Those that were replaced are kept for six hours, and are not counted.';
  return figure('Lake', bytes, { text, none: 'No table of the lake is written yet.', asOf, isWaited: lake === null });
}

interface About {
  readonly text: string;
  readonly none: string;
  readonly asOf: string;
  readonly isWaited: boolean;
}

function figure(label: string, bytes: number | undefined, { text, none, asOf, isWaited }: About): StoreFigure {
  const title = `${label} · size`;
  if (bytes === undefined) return { label, value: isWaited ? null : NOTHING, explanation: { title, text: none } };
  return {
    ...{ label, value: formatBytes(bytes) },
    explanation: {
      title,
      text,
      facts: [
        ['Exact', formatCounted(bytes, 'byte')],
        ['As of', asOf],
      ],
    },
  };
}
