import type { Subscription } from 'rxjs';
import type { SaltedKey } from '../streams/hot-keys/balance.ts';
import type { HotKeys } from '../streams/hot-keys/hot-keys.ts';
import type { Decision } from '../streams/hot-keys/rebalancer.ts';
import { watchShares } from '../streams/hot-keys/watch-shares.ts';
import { watchStragglers } from '../streams/hot-keys/watch-stragglers.ts';
import { combineShape } from '../streams/stages/flow.ts';
import type { Context } from './context.ts';
import type { NamespaceLog } from './namespace-log.ts';

/** Salts hot keys as the settings want it, until unsubscribed; undefined where they want nothing of it. */
export function watchHotKeys(
  { config, clock, out }: Context,
  opened: NamespaceLog,
  hotKeys: HotKeys,
  onFailure: (error: unknown) => void,
): Subscription | undefined {
  switch (config.settings.hot_keys.strategy) {
    case 'naive':
      return undefined;
    case 'salted':
      return watchShares({
        ...{ partitions: opened.partitions, hotKeys, clock, onFailure },
        onChange: (salted) => out.say(`hot keys: ${listOf(salted)}`),
      });
    case 'adaptive':
      return watchStragglers({
        ...opened,
        ...{ stage: combineShape(opened.names).name, hotKeys, clock, onFailure },
        onDecision: (decision) => out.say(sentence(decision)),
      });
  }
}

/** The decision with the numbers that it was made by. */
function sentence({ kind, salted, before, after, costs }: Decision): string {
  const { workUs, sendUs, receiveUs } = costs;
  const what = `hot keys: ${kind}: ${listOf(salted)}`;
  const why = `max/median of the partitions ${ratio(before.ratio)}, predicted ${ratio(after.ratio)}`;
  const cost = `a record costs ${workUs.toFixed(1)} µs, its detour ${(sendUs + receiveUs).toFixed(1)} µs`;
  return `${what}; ${why}; ${cost}`;
}

const listOf = (salted: readonly SaltedKey[]): string =>
  salted.length === 0
    ? 'none is salted'
    : salted.map(({ key, cycle }) => `${JSON.stringify(key)} over ${new Set(cycle).size} partitions`).join(', ');

const ratio = (value: number): string => (Number.isFinite(value) ? value.toFixed(2) : 'without bound');
