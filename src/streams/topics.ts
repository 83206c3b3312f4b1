import type { Cleanup, TopicSpec } from './log/log.ts';

const DAY_MS = 86_400_000;

/** One topic of the system, before a namespace and a partition count are applied. */
export interface TopicDefinition {
  readonly name: string;
  readonly cleanup: Cleanup;
  readonly key: string;
  readonly value: string;
}

const define = <const Name extends string>(
  name: Name,
  cleanup: Cleanup,
  key: string,
  value: string,
): TopicDefinition & { readonly name: Name } => ({ name, cleanup, key, value });

const compact: Cleanup = { kind: 'compact' };
/**
 * Positions are read from their start to their end at once, within seconds. On Kafka each commit leaves a marker of 81
 * bytes beside them, which stays as long as a tombstone: a day of ten commits a second were 70 MB to read at a takeover.
 */
const compactSoon: Cleanup = { kind: 'compact', tombstoneRetentionMs: 60_000 };
const keptDays = (days: number): Cleanup => ({ kind: 'delete', retentionMs: days * DAY_MS });
const purged: Cleanup = { kind: 'purge' };

/** Every topic: name, cleanup, key, value. Rows of one coin share the partition that the coin id alone hashes to. */
export const topics = {
  markets: define('coingecko.markets', keptDays(30), 'coin id', "one element of CoinGecko's /coins/markets, verbatim"),
  hot: define('pulse.hot', purged, 'none', 'quotes of hot keys, bundled, with their original coordinates'),
  partials: define('pulse.partials', purged, 'coin id', 'the ticks of one coin and hour of one commit, merged'),
  prices: define('pulse.prices_hourly', compact, 'coin id|hour', 'Silver row'),
  features: define('pulse.features_hourly', compact, 'coin id|hour', 'Gold row'),
  movers: define('pulse.top_movers_24h', compact, 'coin id', 'Gold row'),
  positions: define('pulse.positions', compactSoon, 'stage|topic|partition, or a source', 'how far it has come'),
  tasks: define('pulse.tasks', compact, 'stage|topic|partition, or a source', 'owner, records, lag, latency'),
  deadLetters: define('pulse.dead_letters', keptDays(30), 'as the source', 'the source bytes; headers say why'),
} as const;

/** A namespace: the prefix of every topic, group and transactional id. The default namespace is the empty string. */
export type Namespace = string;

/** `ns.name`, or the name alone in the default namespace. */
export const inNamespace = (namespace: Namespace, name: string): string =>
  namespace === '' ? name : `${namespace}.${name}`;

/** The specs of all topics of a namespace, each with the same number of partitions. */
export const topicSpecs = (namespace: Namespace, partitions: number): readonly TopicSpec[] =>
  Object.values(topics).map(({ name, cleanup }) => ({ name: inNamespace(namespace, name), partitions, cleanup }));

/** The names of all topics of a namespace. */
export type TopicNames = Readonly<Record<keyof typeof topics, string>>;

export const topicNames = (namespace: Namespace): TopicNames =>
  Object.fromEntries(Object.entries(topics).map(([id, { name }]) => [id, inNamespace(namespace, name)])) as TopicNames;
