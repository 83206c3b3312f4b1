import { PulseError } from '../errors.ts';
import { HotKeys } from '../streams/hot-keys/hot-keys.ts';
import { combineHotStage } from '../streams/stages/combine-hot-stage.ts';
import { combineStage } from '../streams/stages/combine-stage.ts';
import { ensureFlowPositions } from '../streams/stages/flow-positions.ts';
import { purgeConsumed } from '../streams/task/purge-consumed.ts';
import { reportStages } from '../streams/task/report-stages.ts';
import { type RunningStages, runStages } from '../streams/task/run-stages.ts';
import { watchStandstill } from '../streams/task/watch-standstill.ts';
import type { Context } from './context.ts';
import { createHalt } from './halt.ts';
import { watchHotKeys } from './hot-keys.ts';
import { lateWarnings } from './late-warnings.ts';
import type { NamespaceLog } from './namespace-log.ts';
import { openMaintain, type OpenMaintainOptions } from './open-maintain.ts';

/** Both stages at work, with their state, reports and clean-up. */
export interface Processing {
  readonly stages: RunningStages;
  /** Rejects when a task has ended for good; never resolves. */
  readonly halted: Promise<never>;
  /** Ends; rejects where a task has ended for good, if only while it stopped. */
  stop(): Promise<void>;
}

export interface ProcessingOptions extends OpenMaintainOptions {
  /** Stage 1 alone, which has no state and needs no changelog. */
  readonly only?: 'combine';
}

/** The first positions of stages that never ran; several threads must not do this at once. */
export const ensureStagePositions = (context: Context, { log, partitions }: NamespaceLog): Promise<void> =>
  ensureFlowPositions(log, context.config.settings.namespace, partitions, context.clock);

/** Runs the stages on every partition; unless told otherwise both, with state in this process's own folder. */
export async function startProcessing(
  context: Context,
  { log, names, partitions }: NamespaceLog,
  { only, ...options }: ProcessingOptions = {},
): Promise<Processing> {
  const { clock, out, owner } = context;
  const { namespace, silver, commit } = context.config.settings;
  const onNotice = (what: string): void => out.say(what);
  const second = only === 'combine' ? undefined : await openMaintain(context, { log, names, partitions }, options);
  const { halted, onHalt, check } = createHalt();
  const hotKeys = new HotKeys(() => clock.now());
  const combining = { names, partitions, futureToleranceMs: silver.future_tolerance_ms };
  const stages = await runStages({
    ...{ log, names, partitions, namespace, clock, onNotice, onHalt },
    policy: { intervalMs: commit.interval_ms, records: commit.records },
    stages: [
      combineStage(combining, hotKeys),
      combineHotStage(combining),
      ...(second === undefined ? [] : [second.stage]),
    ],
  });
  const slots = (): ReturnType<RunningStages['slots']> => stages.slots();
  const warn = lateWarnings(context, halted);
  // What goes on beside the tasks is tried again by itself: that a broker is away for a while ends nothing.
  const onFailure = (error: unknown): void =>
    error instanceof PulseError && error.remedy === 'retry' ? warn(error.message) : onHalt(error);
  const reports = reportStages({ log, names, slots, owner, clock, onFailure });
  const beside = [
    ...['combine-hot', 'maintain'].map((stage) => purgeConsumed(log, stage, slots, clock, onFailure)),
    watchHotKeys(context, { log, names, partitions }, hotKeys, onFailure),
    watchStandstill({ log, slots, clock, onFailure }),
  ];
  return {
    stages,
    halted,
    async stop() {
      for (const work of [reports, ...beside]) work?.unsubscribe();
      await stages.stop('commit', () => reports.last());
      await second?.close();
      check();
    },
  };
}
