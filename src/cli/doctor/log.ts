import { inNamespace, topics } from '../../streams/topics.ts';
import type { Context } from '../context.ts';
import { isOnKafka, mayHaveLog, openToRead } from '../namespace-log.ts';
import { checkBrokers, type CheckedBrokers } from './brokers.ts';
import { type Finding, ok } from './finding.ts';
import { checkFlow } from './flow.ts';
import { checkQuotes, quotesOfOthers } from './quotes.ts';
import { checkReplicas, checkTopics } from './topics.ts';

/**
 * Whether the namespace's log can be read, beside a writer too, and is what the settings say; and where the flow of
 * quotes ends in it. What rests on something that is at fault is not looked at.
 */
export async function checkLog(context: Context): Promise<readonly Finding[]> {
  if (!mayHaveLog(context))
    return [ok('there is no log yet: the first run makes it'), ...(await quotesOfOthers(context, undefined, []))];
  const brokers = isOnKafka(context) ? await checkBrokers(context) : noBrokers;
  if (isOnKafka(context) && brokers.cluster === undefined) return brokers.findings;
  return [...brokers.findings, ...(await checkNamespace(context, brokers))];
}

const noBrokers: CheckedBrokers = { findings: [] };

async function checkNamespace(context: Context, { cluster }: CheckedBrokers): Promise<readonly Finding[]> {
  const own = new Set(Object.values(topics).map(({ name }) => inNamespace(context.config.settings.namespace, name)));
  const replicas = checkReplicas(cluster?.topics ?? [], own);
  if (hasFault(replicas)) return replicas;
  const log = await openToRead(context);
  try {
    const found = await checkTopics(context, log);
    const names = cluster?.topics.map(({ name }) => name) ?? [];
    if (hasFault(found)) return [...replicas, ...found];
    const quotes = await checkQuotes(context, log, names);
    const isWhole = found.every(({ verdict }) => verdict === 'ok');
    return [...replicas, ...found, ...quotes, ...(isWhole ? await checkFlow(context, log) : [])];
  } finally {
    await log.close();
  }
}

const hasFault = (findings: readonly Finding[]): boolean => findings.some(({ verdict }) => verdict === 'fault');
