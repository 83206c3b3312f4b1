import type { ViewKey } from '../../../state/view-store.ts';
import type { LogRecord } from '../../../streams/log/record.ts';
import type { RowReader } from '../../../streams/rows/row-format.ts';
import type { RowTable } from '../../../streams/rows/row-table.ts';
import { topics } from '../../../streams/topics.ts';
import type { ViewRow } from './rows.ts';
import { type Decode, decodeFeature, decodeMover, decodePosition, decodePrice, decodeTask } from './decode.ts';

/** The tables of the view, each fed by one topic. */
export type ViewTableName = ViewRow['table'] | 'dead_letters';

/** What a record does to the view. `unreadable`: it can't be shown; the reason says why. */
export type Projected =
  | ({ readonly kind: 'put'; readonly key: ViewKey } & ViewRow)
  | { readonly kind: 'remove'; readonly key: ViewKey }
  | { readonly kind: 'count' }
  | { readonly kind: 'unreadable'; readonly reason: string };

export interface Projection {
  readonly topic: string;
  readonly table: ViewTableName;
  readonly project: (record: LogRecord) => Projected;
}

/** LMDB's limit for a key is 1,978 bytes; nothing of ours comes near it. */
const MAX_KEY_BYTES = 1024;

/** Every topic that the view reads; the names are those of the declared features. */
export function projections(
  rows: RowReader,
  features: readonly string[],
  moverFeatures: readonly string[],
): readonly Projection[] {
  const rowsOf =
    (table: RowTable, decode: Decode): Decode =>
    (value, key) =>
      decode(rows.json(table, value), key);
  const of = (topic: string, table: ViewTableName, decode: Decode, removed: (key: string) => ViewKey): Projection => ({
    topic,
    table,
    project: (record) => project(record, decode, removed),
  });
  return [
    of(topics.prices.name, 'prices', rowsOf('prices', decodePrice), hourKey),
    of(
      topics.features.name,
      'features',
      rowsOf('features', (value) => decodeFeature(value, features)),
      hourKey,
    ),
    of(
      topics.movers.name,
      'movers',
      rowsOf('movers', (value) => decodeMover(value, moverFeatures)),
      (key) => [key],
    ),
    of(topics.tasks.name, 'tasks', decodeTask, (key) => [key]),
    of(topics.positions.name, 'positions', decodePosition, (key) => [key]),
    { topic: topics.deadLetters.name, table: 'dead_letters', project: () => ({ kind: 'count' }) },
  ];
}

function project(record: LogRecord, decode: Decode, removed: (key: string) => ViewKey): Projected {
  try {
    if (record.key === null) throw new Error('it has no key');
    if (record.key.length > MAX_KEY_BYTES) throw new Error(`its key is ${record.key.length} bytes long`);
    const key = record.key.toString('utf8');
    if (record.value === null) return { kind: 'remove', key: removed(key) };
    const row = decode(record.value, key);
    if (Buffer.byteLength(JSON.stringify(row.key)) > MAX_KEY_BYTES) throw new Error('its id is too long');
    return { kind: 'put', ...row };
  } catch (error) {
    return { kind: 'unreadable', reason: (error as Error).message };
  }
}

/** `coin|hour`; a coin's id may hold a bar itself. */
function hourKey(key: string): ViewKey {
  const bar = key.lastIndexOf('|');
  const ts = Date.parse(key.slice(bar + 1));
  if (bar < 1 || Number.isNaN(ts)) throw new Error('its key is not a coin and an hour');
  return [key.slice(0, bar), ts];
}
