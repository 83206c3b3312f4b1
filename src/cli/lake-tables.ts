import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { parseHourKey } from '../streams/3-silver/hour-json.ts';
import { features, moverFeatures } from '../streams/4-gold/features.ts';
import type { DeltaTableOptions } from '../streams/5-lake/delta/delta-table.ts';
import { LakeDisk } from '../streams/5-lake/disk/lake-disk.ts';
import { nodeDisk } from '../streams/5-lake/disk/node-disk.ts';
import { lakeSinks } from '../streams/5-lake/lake-sinks.ts';
import type { LakeTable } from '../streams/5-lake/lake-table.ts';
import { bronzeTable, featuresTable, moversTable, silverTable } from '../streams/5-lake/tables.ts';
import type { SinkSpec } from '../streams/5-lake/sink/sink-session.ts';
import { topicNames } from '../streams/topics.ts';
import type { Context } from './context.ts';
import { openRows } from './open-rows.ts';

/** How long a file outlives its removal: whoever reads an older version has so long to finish. */
const RETENTION_MS = 6 * 3_600_000;

/** The tables of a lake. */
export const tables: readonly LakeTable[] = [
  bronzeTable,
  silverTable,
  featuresTable(features),
  moversTable(moverFeatures),
];

/** The tables of the namespace's lake, with the topics that fill them. */
export const sinkSpecs = async (context: Context): Promise<readonly SinkSpec[]> =>
  lakeSinks({
    names: topicNames(context.config.settings.namespace),
    partitions: context.config.settings.partitions,
    ...{ features, movers: moverFeatures, rows: await openRows(context), parseKey: parseHourKey },
  });

/** Where and how a table of the namespace is kept. */
export const deltaOptions = ({ config, clock }: Context, disk: LakeDisk, table: LakeTable): DeltaTableOptions => ({
  disk,
  folder: join(config.dataDir, table.name),
  now: () => clock.now(),
  retentionMs: RETENTION_MS,
});

/** The disk that the namespace's lake is on; to write, the data folder must be there. */
export const openLakeDisk = ({ config }: Context): LakeDisk => new LakeDisk(nodeDisk, config.dataDir, randomUUID);
