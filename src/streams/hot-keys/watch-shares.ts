import type { SchedulerLike, Subscription } from 'rxjs';
import { every } from '../clock/every.ts';
import type { SaltedKey } from './balance.ts';
import type { HotKeys } from './hot-keys.ts';
import { saltByShare } from './salt-by-share.ts';

export interface WatchSharesOptions {
  readonly partitions: number;
  readonly hotKeys: HotKeys;
  readonly clock: SchedulerLike;
  /** Told what is salted, when that has changed. */
  readonly onChange: (salted: readonly SaltedKey[]) => void;
  readonly onFailure: (error: unknown) => void;
}

const LOOK_EVERY_MS = 250;

/** `salted`: salts every key with a large share of its partition, until unsubscribed. */
export function watchShares({ partitions, hotKeys, clock, onChange, onFailure }: WatchSharesOptions): Subscription {
  let salted: readonly SaltedKey[] = [];
  const look = (): Promise<void> => {
    const next = hotKeys.all().flatMap((hot) =>
      saltByShare(
        hot.partition,
        partitions,
        hot.heaviest(),
        salted.filter(({ home }) => home === hot.partition),
      ),
    );
    if (JSON.stringify(next) !== JSON.stringify(salted)) {
      salted = next;
      hotKeys.salt(salted);
      onChange(salted);
    }
    return Promise.resolve();
  };
  return every(clock, LOOK_EVERY_MS, look, onFailure);
}
