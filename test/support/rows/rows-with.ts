import { features, moverFeatures } from '../../../src/streams/4-gold/features.ts';
import type { GoldSpec } from '../../../src/streams/4-gold/roll-windows.ts';
import { createRowFormat } from '../../../src/streams/rows/create-row-format.ts';
import type { RowFormat } from '../../../src/streams/rows/row-format.ts';
import type { RowTable } from '../../../src/streams/rows/row-table.ts';
import type { SchemaRegistry } from '../../../src/streams/rows/schema-registry.ts';
import type { Bytes } from '../../../src/streams/log/record.ts';
import { topicNames } from '../../../src/streams/topics.ts';
import { logRecord } from '../log-record.ts';

export const declaredGold: GoldSpec = { features, movers: moverFeatures };

/** How a process reads and writes rows that knows the registry, and these declarations. */
export const rowsWith = (
  registry: SchemaRegistry | undefined,
  gold: GoldSpec = declaredGold,
  now: () => number = () => 0,
): RowFormat => createRowFormat({ names: topicNames(''), gold, registry, now });

/** Gets ready to read these values of a table. */
export const prepare = (rows: RowFormat, table: RowTable, ...values: readonly Bytes[]): Promise<void> =>
  rows.prepare({
    ...{ topic: topicNames('')[table], partition: 0, nextOffset: values.length, end: values.length },
    records: values.map((value, offset) => logRecord({ offset, value })),
  });
