import { counted } from '../../counted.ts';
import type { ClusterMetadata } from '../../streams/log/kafka/cluster-metadata.ts';
import type { VersionMismatch, VersionRange } from '../../streams/log/kafka/diagnostics/needed-apis.ts';
import type { Reached } from '../../streams/log/kafka/diagnostics/reach-brokers.ts';
import { kafkaSettings } from '../kafka-settings.ts';
import type { Context } from '../context.ts';
import { fault, type Finding, note, ok } from './finding.ts';

/** What was found of a cluster; without what it holds where nothing can be asked of it. */
export interface CheckedBrokers {
  readonly findings: readonly Finding[];
  readonly cluster?: ClusterMetadata;
}

/**
 * Whether the brokers that are named answer, in versions that are spoken here, and whether those that the cluster itself
 * names can be reached as well: records are read from and written to these.
 */
export async function checkBrokers({ config, clock }: Context): Promise<CheckedBrokers> {
  const { reachBrokers } = await import('../../streams/log/kafka/diagnostics/reach-brokers.ts');
  const settings = kafkaSettings(config);
  const named = await reachBrokers(settings, clock);
  const findings = foundOf(named);
  if (findings.some(({ verdict }) => verdict === 'fault')) return { findings };
  const { describeCluster } = await import('../../streams/log/kafka/diagnostics/describe-cluster.ts');
  const cluster = await describeCluster(settings, clock);
  const others = cluster.brokers.filter((address) => !settings.brokers.includes(address));
  const advertised = foundAdvertised(await reachBrokers({ ...settings, brokers: others }, clock));
  const { clusterId, brokers } = cluster;
  const found = [ok(`the cluster ${clusterId} has ${counted(brokers.length, 'broker')}: ${brokers.join(', ')}`)];
  const all = [...findings, ...found, ...advertised];
  return all.some(({ verdict }) => verdict === 'fault') ? { findings: all } : { findings: all, cluster };
}

/** One of several brokers may be away; what is wrong with one that answers is wrong. */
function foundOf(named: readonly Reached[]): readonly Finding[] {
  const doesOneAnswer = named.some(({ kind }) => kind === 'answers');
  return named.map((reached) => {
    if (reached.kind === 'answers') return foundVersions(reached.address, reached.mismatches);
    const { error } = reached;
    if (error.code === 'log-refused') return fault(error.message);
    return doesOneAnswer
      ? note(`${error.message}; another one of those named answers`)
      : fault(`${error.message}: start it, or set KAFKA_BROKERS to brokers that run`);
  });
}

const foundAdvertised = (others: readonly Reached[]): readonly Finding[] =>
  others.map((reached) =>
    reached.kind === 'answers'
      ? foundVersions(reached.address, reached.mismatches)
      : fault(
          `the cluster names ${reached.address} as a broker, and it can't be reached from here: ${reached.error.message}. ` +
            'Set advertised.listeners of the broker to an address that clients reach.',
        ),
  );

function foundVersions(address: string, mismatches: readonly VersionMismatch[]): Finding {
  if (mismatches.length === 0) return ok(`the broker ${address} answers, and speaks every version that is needed`);
  const differ = mismatches.map(({ request, offered, needed }) => {
    const offers = offered === undefined ? 'is not known to it' : `it has in ${inWords(offered)}`;
    return `${request} ${offers}, needed is ${inWords(needed)}`;
  });
  const isTooOld = mismatches.some(
    ({ offered, needed }) => offered === undefined || offered.maxVersion < needed.minVersion,
  );
  const advice = isTooOld ? 'run Kafka 2.3 or later' : 'it is newer than this program: update that, or run Kafka 4.4';
  return fault(`the broker ${address} does not speak the versions needed: ${differ.join('; ')}: ${advice}`);
}

const inWords = ({ minVersion, maxVersion }: VersionRange): string =>
  minVersion === maxVersion ? `version ${minVersion}` : `versions ${minVersion} to ${maxVersion}`;
