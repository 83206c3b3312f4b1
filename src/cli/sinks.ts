import { mkdirSync } from 'node:fs';
import { PulseError } from '../errors.ts';
import { runSink, type SinkOutcome } from '../streams/5-lake/sink/run-sink.ts';
import type { SinkSpec } from '../streams/5-lake/sink/sink-session.ts';
import type { Log } from '../streams/log/log.ts';
import type { Context } from './context.ts';
import { deltaOptions, openLakeDisk, sinkSpecs } from './lake-tables.ts';
import { keepLakeUp } from './lake-upkeep.ts';

/** What is held of one table at most before it is written. */
const FLUSH_BYTES = 32 * 1024 * 1024;

/** What was done for a table of that name. */
export interface TableOutcome extends SinkOutcome {
  readonly table: string;
}

/** Keeps every table that is wanted up with its topic until the signal aborts; one that fails for good ends them all. */
export async function runSinks(
  context: Context,
  log: Log,
  untilCaughtUp: boolean,
  isWanted: (spec: SinkSpec) => boolean = () => true,
): Promise<readonly TableOutcome[]> {
  const { config, clock, out } = context;
  const { flush_interval_ms: intervalMs, flush_rows: rows } = config.settings.lake;
  makeDataFolder(config.dataDir);
  const disk = openLakeDisk(context);
  const ending = new AbortController();
  const signal = AbortSignal.any([context.signal, ending.signal]);
  const specs = (await sinkSpecs(context)).filter(isWanted);
  const runs = specs.map(async (spec): Promise<TableOutcome> => {
    const outcome = await runSink(
      {
        ...{ log, spec, clock, untilCaughtUp, onNotice: out.say },
        policy: { intervalMs, rows, bytes: FLUSH_BYTES },
        delta: deltaOptions(context, disk, spec.table),
      },
      signal,
    );
    return { ...outcome, table: spec.table.name };
  });
  const upkeep = untilCaughtUp ? Promise.resolve() : keepLakeUp(context, disk, signal);
  try {
    const [outcomes] = await Promise.all([Promise.all(runs), upkeep]);
    return outcomes;
  } finally {
    ending.abort();
    // Nothing of them is at work any more when the log closes; how the first one failed is what is told.
    await Promise.allSettled([...runs, upkeep]);
  }
}

/** On a cluster, nothing may have made it yet. */
function makeDataFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (cause) {
    throw new PulseError('disk-unwritable', `${path} can't be made: check the disk and its permissions`, { cause });
  }
}
