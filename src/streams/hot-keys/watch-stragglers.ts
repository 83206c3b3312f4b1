import type { SchedulerLike, Subscription } from 'rxjs';
import { every } from '../clock/every.ts';
import type { Log } from '../log/log.ts';
import type { TopicNames } from '../topics.ts';
import { CostMeter } from './cost-meter.ts';
import type { HotKeys } from './hot-keys.ts';
import { LaneBoard } from './lane-board.ts';
import { adaptiveSpec, type Decision, Rebalancer } from './rebalancer.ts';
import { followReports } from './follow-reports.ts';
import { groundOf } from './ground-of.ts';

export interface WatchStragglersOptions {
  readonly log: Log;
  readonly names: TopicNames;
  readonly partitions: number;
  /** The stage that forwards. */
  readonly stage: string;
  readonly hotKeys: HotKeys;
  readonly clock: SchedulerLike;
  readonly onDecision: (decision: Decision) => void;
  readonly onFailure: (error: unknown) => void;
}

const LOOK_EVERY_MS = 1_000;

/**
 * `adaptive`: listens to the reports of all tasks, whoever runs them, and salts the hot keys of a straggler, until
 * unsubscribed. Every instance decides from the same reports, each for the partitions that it works on.
 */
export function watchStragglers(options: WatchStragglersOptions): Subscription {
  const { hotKeys, clock, stage, onDecision, onFailure } = options;
  const board = new LaneBoard(stage);
  const meter = new CostMeter(stage);
  const rebalancer = new Rebalancer(adaptiveSpec);
  const look = (): Promise<void> => {
    const costs = meter.costs();
    const decision = costs && rebalancer.look(clock.now(), board.demands(clock.now()), costs);
    if (decision !== undefined) {
      hotKeys.salt(decision.salted, groundOf(decision));
      onDecision(decision);
    }
    return Promise.resolve();
  };
  const subscription = every(clock, LOOK_EVERY_MS, look, onFailure);
  subscription.add(
    followReports(options, (report) => {
      board.hear(report);
      meter.hear(report);
    }),
  );
  return subscription;
}
