import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PulseError } from '../../errors.ts';
import type { Log } from '../../streams/log/log.ts';
import { inNamespace, topics } from '../../streams/topics.ts';
import type { Context } from '../context.ts';
import { isOnKafka } from '../namespace-log.ts';
import { type Finding, note } from './finding.ts';

const MARKETS = topics.markets.name;

/**
 * Where the namespace holds no quotes: what to run, and where quotes may lie that were meant for it. `names`: every topic
 * of the cluster; none on the embedded log.
 */
export async function checkQuotes(context: Context, log: Log, names: readonly string[]): Promise<readonly Finding[]> {
  const own = inNamespace(context.config.settings.namespace, MARKETS);
  if (await holdsRecords(log, own)) return [];
  const empty = `${own} holds no quotes: run pulse start, or pulse ingest`;
  return [note(empty), ...(await quotesOfOthers(context, log, names)), ...misnamed(names)];
}

/** Other namespaces with quotes. */
export async function quotesOfOthers(
  context: Context,
  log: Log | undefined,
  names: readonly string[],
): Promise<readonly Finding[]> {
  const { namespace } = context.config.settings;
  const others = isOnKafka(context) ? namespacesOf(names) : namespacesIn(resolve(context.config.settings.data_dir));
  const findings: Finding[] = [];
  for (const other of others.filter((one) => one !== namespace)) {
    if (isOnKafka(context) && log !== undefined && !(await holdsRecords(log, inNamespace(other, MARKETS)))) continue;
    const set = other === '' ? 'no PULSE_NAMESPACE' : `PULSE_NAMESPACE=${other}`;
    findings.push(
      note(
        `there are quotes in ${other === '' ? 'the default namespace' : `the namespace ${other}`}; did you mean ${set}?`,
      ),
    );
  }
  return findings;
}

/** Topics that quotes may have been sent to by mistake. */
const misnamed = (names: readonly string[]): readonly Finding[] =>
  names
    .filter((name) => /coingecko|market|quote|tick/i.test(name) && !isMarkets(name) && !name.startsWith('__'))
    .map((name) => note(`there is a topic ${name}: quotes are read from ${MARKETS}, and keyed by the coin’s id`));

const isMarkets = (name: string): boolean => name === MARKETS || name.endsWith(`.${MARKETS}`);

const namespacesOf = (names: readonly string[]): readonly string[] =>
  names.filter(isMarkets).map((name) => name.slice(0, -MARKETS.length - 1));

/** Those with a log of their own in the data folder. */
function namespacesIn(dataDir: string): readonly string[] {
  const folder = join(dataDir, 'namespaces');
  const others = existsSync(folder) ? readdirSync(folder).filter((name) => existsSync(join(folder, name, 'log'))) : [];
  return existsSync(join(dataDir, 'log')) ? ['', ...others] : others;
}

async function holdsRecords(log: Log, topic: string): Promise<boolean> {
  const partitions = (await log.topics.describe(topic))?.partitions ?? 0;
  try {
    for (let partition = 0; partition < partitions; partition++) {
      const { start, end } = await log.bounds({ topic, partition });
      if (end > start) return true;
    }
  } catch (error) {
    // Whose it is removed it meanwhile.
    if (!(error instanceof PulseError && error.code === 'unknown-topic')) throw error;
  }
  return false;
}
