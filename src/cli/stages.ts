import { features, moverFeatures } from '../streams/4-gold/features.ts';
import { combineStage } from '../streams/stages/combine-stage.ts';
import { flow } from '../streams/stages/flow.ts';
import { maintainStage } from '../streams/stages/maintain-stage.ts';
import { ensurePositions, genesisId } from '../streams/task/genesis.ts';
import { purgeConsumed } from '../streams/task/purge-consumed.ts';
import { reportStages } from '../streams/task/report-stages.ts';
import { type RunningStages, runStages } from '../streams/task/run-stages.ts';
import type { Context } from './context.ts';
import { createHalt } from './halt.ts';
import type { NamespaceLog } from './namespace-log.ts';
import { openRows } from './open-rows.ts';
import { openState } from './open-state.ts';

/** Both stages at work, with their state, reports and clean-up. */
export interface Processing {
  readonly stages: RunningStages;
  /** Rejects when a task has ended for good; never resolves. */
  readonly halted: Promise<never>;
  /** Ends; rejects where a task has ended for good, if only while it stopped. */
  stop(): Promise<void>;
}

/** The first positions of stages that never ran; several threads must not do this at once. */
export const ensureStagePositions = (context: Context, { log, names, partitions }: NamespaceLog): Promise<void> =>
  ensurePositions(log, names.positions, genesisId(context.config.settings.namespace), flow(names), partitions);

/** Opens state and runs stages 1 and 2 on every partition. */
export async function startProcessing(context: Context, { log, names, partitions }: NamespaceLog): Promise<Processing> {
  const { clock, out, owner } = context;
  const { namespace, silver, commit } = context.config.settings;
  const onNotice = (what: string): void => out.say(what);
  const rows = await openRows(context);
  const { state, close } = await openState(context, log);
  const { halted, onHalt, check } = createHalt();
  const gold = { features, movers: moverFeatures };
  const stages = await runStages({
    ...{ log, names, partitions, namespace, clock, onNotice, onHalt },
    policy: { intervalMs: commit.interval_ms, records: commit.records },
    stages: [
      combineStage({ names, partitions, futureToleranceMs: silver.future_tolerance_ms }),
      maintainStage({ log, names, state, rows, spec: { graceMs: silver.grace_ms }, gold, onNotice }),
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
      await close();
      check();
    },
  };
}
