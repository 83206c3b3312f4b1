import { asyncScheduler } from 'rxjs';
import { openLmdbState } from '../../src/state/lmdb/lmdb-environment.ts';
import { HOUR_STATE_VERSION } from '../../src/streams/3-silver/hour-state.ts';
import { features, moverFeatures } from '../../src/streams/4-gold/features.ts';
import type { Log } from '../../src/streams/log/log.ts';
import { jsonRows } from '../support/rows/json-rows.ts';
import { HotKeys } from '../../src/streams/hot-keys/hot-keys.ts';
import { combineHotStage } from '../../src/streams/stages/combine-hot-stage.ts';
import { combineStage } from '../../src/streams/stages/combine-stage.ts';
import { maintainStage } from '../../src/streams/stages/maintain-stage.ts';
import { purgeConsumed } from '../../src/streams/task/purge-consumed.ts';
import { runStages } from '../../src/streams/task/run-stages.ts';
import type { TopicNames } from '../../src/streams/topics.ts';

export interface StagesToRun {
  readonly log: Log;
  readonly names: TopicNames;
  readonly namespace: string;
  readonly partitions: number;
  readonly intervalMs: number;
  /** The folder of new state. */
  readonly path: string;
}

/** Both stages at work while `feed` runs, until they have caught up with all of it. Rejects where one halts. */
export async function processed(setup: StagesToRun, feed: () => Promise<void>): Promise<void> {
  const { log, names, namespace, partitions, intervalMs, path } = setup;
  const identity = { log: log.identity, namespace, changelog: undefined, version: HOUR_STATE_VERSION };
  const state = await openLmdbState({ path, identity, onDiscard: console.error });
  const gold = { features, movers: moverFeatures };
  const combining = { names, partitions, futureToleranceMs: 300_000 };
  const failures: unknown[] = [];
  const onHalt = (error: unknown): void => void failures.push(error);
  const stages = await runStages({
    ...{ log, names, partitions, namespace, clock: asyncScheduler, onNotice: console.error, onHalt },
    policy: { intervalMs, records: 1_000_000 },
    stages: [
      combineStage(combining, new HotKeys(Date.now)),
      combineHotStage(combining),
      maintainStage({
        log,
        names,
        state,
        rows: jsonRows(namespace),
        spec: { graceMs: 600_000 },
        gold,
        onNotice: console.error,
      }),
    ],
  });
  const purge = purgeConsumed(log, 'maintain', () => stages.slots(), asyncScheduler, onHalt);
  await feed();
  while (!(await stages.caughtUp())) {
    if (failures.length > 0) throw failures[0];
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  purge.unsubscribe();
  await stages.stop('commit');
  await state.close();
}
