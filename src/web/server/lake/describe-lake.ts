import type { TableState } from '../../../streams/5-lake/catalogue/table-reader.ts';
import type { LakeContents } from '../../../streams/5-lake/catalogue/lake-catalogue.ts';
import type { CopyState } from '../../../streams/5-lake/copies/copy-reader.ts';
import { parseRfc3339Text } from '../../../streams/rfc3339.ts';
import type { Lake, LakeDownload, LakeTableState } from '../../contract.ts';

/** The path under which the copies are served, each by its name. */
export const DOWNLOADS = '/api/lake/downloads/';

/** The lake as the page is told of it. */
export const describeLake = ({ tables, copies, problems }: LakeContents): Lake => ({
  tables: tables.map(tableState),
  downloads: copies.map(download),
  problems,
});

function tableState({
  name,
  kind,
  version,
  files,
  rows,
  bytes,
  times,
  columns,
  updatedAt,
}: TableState): LakeTableState {
  return {
    ...{ name, kind, version: version < 0 ? null : version, files, rows, bytes },
    from: timeOf(times?.[0]),
    to: timeOf(times?.[1]),
    columns,
    updatedAt: updatedAt ?? null,
  };
}

const timeOf = (text: string | undefined): number | null =>
  text === undefined ? null : (parseRfc3339Text(text) ?? null);

function download({ name, rows, identity, columns, times, sha256, timeColumn }: CopyState): LakeDownload {
  const [from = null, to = null] = times ?? [];
  return {
    ...{ name, href: `${DOWNLOADS}${encodeURIComponent(name)}`, rows, bytes: identity.bytes, columns, from, to },
    sha256: sha256 ?? null,
    updatedAt: Math.floor(identity.modifiedMs),
    duckdb: `SELECT * FROM read_parquet('${name.replaceAll("'", "''")}') ORDER BY ${timeColumn} DESC LIMIT 10;`,
  };
}
