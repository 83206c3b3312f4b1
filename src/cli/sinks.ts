import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PulseError } from '../errors.ts';
import { parseHourKey } from '../streams/3-silver/hour-json.ts';
import { features, moverFeatures } from '../streams/4-gold/features.ts';
import type { DeltaTableOptions } from '../streams/5-lake/delta/delta-table.ts';
import { LakeDisk } from '../streams/5-lake/disk/lake-disk.ts';
import { nodeDisk } from '../streams/5-lake/disk/node-disk.ts';
import { lakeSinks } from '../streams/5-lake/lake-sinks.ts';
import type { LakeTable } from '../streams/5-lake/lake-table.ts';
import { decodeJsonValue } from '../streams/5-lake/sink/decode-json-value.ts';
import { runSink } from '../streams/5-lake/sink/run-sink.ts';
import type { SinkSpec } from '../streams/5-lake/sink/sink-session.ts';
import type { Log } from '../streams/log/log.ts';
import { topicNames } from '../streams/topics.ts';
import type { Context } from './context.ts';

/** What is held of one table at most before it is written. */
const FLUSH_BYTES = 32 * 1024 * 1024;

/** How long a file outlives its removal: whoever reads an older version has so long to finish. */
const RETENTION_MS = 6 * 3_600_000;

/** The tables of the namespace's lake, with the topics that fill them. */
export const sinkSpecs = ({ config }: Context): readonly SinkSpec[] =>
  lakeSinks({
    names: topicNames(config.settings.namespace),
    partitions: config.settings.partitions,
    ...{ features, movers: moverFeatures, decode: decodeJsonValue, parseKey: parseHourKey },
  });

/** Where and how a table of the namespace is kept. */
export const deltaOptions = ({ config, clock }: Context, disk: LakeDisk, table: LakeTable): DeltaTableOptions => ({
  disk,
  folder: join(config.dataDir, table.name),
  now: () => clock.now(),
  retentionMs: RETENTION_MS,
});

/** The disk that the namespace's lake is on. */
export function openLakeDisk({ config }: Context): LakeDisk {
  try {
    mkdirSync(config.dataDir, { recursive: true });
  } catch (cause) {
    throw new PulseError('disk-unwritable', `${config.dataDir} can't be made: check the disk and its permissions`, {
      cause,
    });
  }
  return new LakeDisk(nodeDisk, config.dataDir, randomUUID);
}

/** Keeps every table up with its topic until the signal aborts; one that fails for good ends them all. */
export async function runSinks(context: Context, log: Log, untilCaughtUp: boolean): Promise<void> {
  const { config, clock, out } = context;
  const { flush_interval_ms: intervalMs, flush_rows: rows } = config.settings.lake;
  const disk = openLakeDisk(context);
  const ending = new AbortController();
  const signal = AbortSignal.any([context.signal, ending.signal]);
  const runs = sinkSpecs(context).map((spec) =>
    runSink(
      {
        ...{ log, spec, clock, untilCaughtUp, onNotice: out.say },
        policy: { intervalMs, rows, bytes: FLUSH_BYTES },
        delta: deltaOptions(context, disk, spec.table),
      },
      signal,
    ),
  );
  try {
    await Promise.all(runs);
  } finally {
    ending.abort();
    // Nothing of them is at work any more when the log closes; how the first one failed is what is told.
    await Promise.allSettled(runs);
  }
}
