import type { Config } from '../../config.ts';
import type { ErrorCode } from '../../errors.ts';

/** What a worker is started with. */
export interface WorkerOrders {
  /** The URL of the module to run. */
  readonly module: string;
  readonly config: Config;
  /** Which of `count` workers it is, from 0. */
  readonly index: number;
  readonly count: number;
  /** Where it keeps state of its own; undefined where the workers share one. */
  readonly stateFolder: string | undefined;
}

/** What a worker tells the thread that started it. */
export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'say'; readonly line: string }
  | { readonly kind: 'halted'; readonly code: ErrorCode | undefined; readonly text: string };
