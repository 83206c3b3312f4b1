import { counted } from '../../counted.ts';
import { PulseError } from '../../errors.ts';
import type { FoundTopic } from '../../streams/log/kafka/cluster-metadata.ts';
import { checkSameTopic } from '../../streams/log/local/topic-errors.ts';
import type { Log, TopicSpec } from '../../streams/log/log.ts';
import { inNamespace, topics, topicSpecs } from '../../streams/topics.ts';
import type { Context } from '../context.ts';
import { isOnKafka, ownTopics, partitionsDiffer } from '../namespace-log.ts';
import { fault, type Finding, note, ok } from './finding.ts';

/** Whether the namespace's topics are there, and are as they are wanted. */
export async function checkTopics(context: Context, log: Log): Promise<readonly Finding[]> {
  const { namespace, partitions } = context.config.settings;
  const found = await ownTopics(context, log);
  const markets = found.find(({ name }) => name === inNamespace(namespace, topics.markets.name));
  if (markets !== undefined && markets.partitions !== partitions)
    return [fault(found.length === 1 ? madeByOthers(markets) : partitionsDiffer(markets.partitions, partitions))];
  const wanted = topicSpecs(namespace, partitions);
  const missing = wanted.filter(({ name }) => found.every((one) => one.name !== name));
  const differing = found.flatMap((one) => differs(one, wanted));
  if (differing.length > 0) return differing;
  return missing.length > 0
    ? [note(`${whichLog(context)} lacks ${missing.map(({ name }) => name).join(', ')}: the next run makes them`)]
    : [ok(`${whichLog(context)} can be read; ${found.length} topics of ${partitions} partitions`)];
}

/** Partitions that can't be used, and those of the namespace that would not outlive a broker. */
export function checkReplicas(all: readonly FoundTopic[], own: ReadonlySet<string>): readonly Finding[] {
  const partitions = all.flatMap(({ name, partitions: of }) =>
    of.map((one) => ({ ...one, isOwn: own.has(name), at: `${name}[${one.partition}]` })),
  );
  const leaderless = partitions.filter(({ hasLeader }) => !hasLeader);
  const ours = leaderless.filter(({ isOwn }) => isOwn).map(({ at }) => at);
  const others = leaderless.filter(({ isOwn }) => !isOwn).map(({ at }) => at);
  const behind = partitions
    .filter(({ isOwn, hasLeader, inSync, replicas }) => isOwn && hasLeader && inSync < replicas)
    .map(({ at }) => at);
  return [
    ...(ours.length > 0
      ? [
          fault(
            `no broker leads ${some(ours)}, and nothing can be read or written there: start the brokers that hold it`,
          ),
        ]
      : []),
    ...(others.length > 0
      ? [note(`no broker leads ${some(others)}, which are not of this namespace: see whether all brokers run`)]
      : []),
    ...(behind.length > 0
      ? [note(`not every replica of ${some(behind)} is in sync: see whether all brokers of the cluster run`)]
      : []),
  ];
}

/** What is written by others before the first run is made as the broker pleases. */
const madeByOthers = ({ name, partitions, cleanup }: TopicSpec): string =>
  `${name} is there with ${counted(partitions, 'partition')}, and no other topic of the namespace: ` +
  'a producer has made it, or somebody by hand. ' +
  (cleanup.kind === 'delete' && cleanup.retentionMs === topicRetention
    ? `Set PULSE_PARTITIONS=${partitions}, or remove it (pulse reset) and run pulse topics create before others write.`
    : 'Remove it (pulse reset) and run pulse topics create before others write.');

const topicRetention = topics.markets.cleanup.kind === 'delete' ? topics.markets.cleanup.retentionMs : undefined;

function differs(found: TopicSpec, wanted: readonly TopicSpec[]): readonly Finding[] {
  const spec = wanted.find(({ name }) => name === found.name);
  try {
    if (spec !== undefined) checkSameTopic(found, spec);
    return [];
  } catch (error) {
    if (!(error instanceof PulseError)) throw error;
    return [fault(`${error.message} Change it with the cluster's tools, or name another namespace.`)];
  }
}

const some = (names: readonly string[]): string =>
  names.length <= 3 ? names.join(', ') : `${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;

const whichLog = (context: Context): string =>
  isOnKafka(context) ? `the cluster at ${context.config.settings.kafka.brokers.join(', ')}` : 'the log';
