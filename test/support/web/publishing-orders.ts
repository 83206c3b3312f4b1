/** What a server in a process of its own is told first: how many coins it has, and how often all of them change. */
export interface PublishingOrder {
  readonly coins: number;
  readonly everyMs: number;
  /** How long their ids are, at least: long ones make large frames of few rows. */
  readonly idLength?: number;
}

/** `figures`: say what has been used; `hold`: publish no more. */
export type ToPublisher = 'figures' | 'hold' | 'stop';

export type FromPublisher =
  | { readonly kind: 'ready'; readonly url: string }
  | ({ readonly kind: 'figures'; readonly published: number } & ProcessFigures);

/**
 * Seconds of processor time so far; megabytes of its own, resident, without mapped files; megabytes that are held after a
 * collection, in the heap and in buffers. What is resident depends on when the collector came by, what is held does not.
 */
export interface ProcessFigures {
  readonly cpu: number;
  readonly memory: number;
  readonly held: number;
}
