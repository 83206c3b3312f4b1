import { openLmdbState } from '../state/lmdb/lmdb-environment.ts';
import type { StateEnvironment } from '../state/environment.ts';
import { HOUR_STATE_VERSION } from '../streams/3-silver/hour-state.ts';
import { features, moverFeatures } from '../streams/4-gold/features.ts';
import type { Log } from '../streams/log/log.ts';
import { combineStage } from '../streams/stages/combine-stage.ts';
import { flow } from '../streams/stages/flow.ts';
import { maintainStage } from '../streams/stages/maintain-stage.ts';
import { ensurePositions, genesisId } from '../streams/task/genesis.ts';
import { purgeConsumed } from '../streams/task/purge-consumed.ts';
import { reportStages } from '../streams/task/report-stages.ts';
import { type RunningStages, runStages } from '../streams/task/run-stages.ts';
import type { Context } from './context.ts';
import { createHalt } from './halt.ts';
import { type NamespaceLog, stateFolder } from './namespace-log.ts';

/** Both stages at work, with their state, reports and clean-up. */
export interface Processing {
  readonly stages: RunningStages;
  /** Rejects when a task has ended for good; never resolves. */
  readonly halted: Promise<never>;
  /** Ends; rejects where a task has ended for good, if only while it stopped. */
  stop(): Promise<void>;
}

/** Stage 2's state; what was there of another log or version is discarded, and said so. */
export const openState = (context: Context, log: Log): Promise<StateEnvironment> =>
  openLmdbState({
    path: stateFolder(context),
    identity: { log: log.identity, namespace: context.config.settings.namespace, version: HOUR_STATE_VERSION },
    onDiscard: context.out.say,
  });

/** The first positions of stages that never ran; several threads must not do this at once. */
export const ensureStagePositions = (context: Context, { log, names, partitions }: NamespaceLog): Promise<void> =>
  ensurePositions(log, names.positions, genesisId(context.config.settings.namespace), flow(names), partitions);

/** Opens state and runs stages 1 and 2 on every partition. */
export async function startProcessing(context: Context, { log, names, partitions }: NamespaceLog): Promise<Processing> {
  const { clock, out, owner } = context;
  const { namespace, silver, commit } = context.config.settings;
  const onNotice = (what: string): void => out.say(what);
  const state = await openState(context, log);
  const { halted, onHalt, check } = createHalt();
  const gold = { features, movers: moverFeatures };
  const stages = await runStages({
    ...{ log, names, partitions, namespace, clock, onNotice, onHalt },
    policy: { intervalMs: commit.interval_ms, records: commit.records },
    stages: [
      combineStage({ names, partitions, futureToleranceMs: silver.future_tolerance_ms }),
      maintainStage({ log, names, state, spec: { graceMs: silver.grace_ms }, gold, onNotice }),
    ],
  });
  const slots = (): ReturnType<RunningStages['slots']> => stages.slots();
  const reports = reportStages({ log, names, slots, owner, clock, onFailure: onHalt });
  const purge = purgeConsumed(log, 'maintain', slots, clock, onHalt);
  return {
    stages,
    halted,
    async stop() {
      reports.unsubscribe();
      purge.unsubscribe();
      await stages.stop('commit');
      await state.close();
      check();
    },
  };
}
