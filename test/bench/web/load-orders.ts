/** What the load is told first: where, how many coins, how often each changes, and how long a history each has. */
export interface LoadOrder {
  readonly folder: string;
  readonly coins: number;
  readonly perSecond: number;
  readonly hours: number;
}

/** `figures`: say what was done since the last time. */
export type ToLoad = 'figures' | 'stop';

export type FromLoad =
  /** The history is there, and the updates begin. */
  | { readonly kind: 'ready' }
  /** Updates of a coin each second, and the share of a processor that making them took. */
  | { readonly kind: 'figures'; readonly perSecond: number; readonly cpu: number };
