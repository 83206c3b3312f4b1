import { expect } from 'vitest';
import { disorderlyMarket } from '../../../support/disorderly-market.ts';
import { recordedRecords } from '../../../support/oracle/recorded-records.ts';
import { type RunningPulse, startPulse } from '../../../support/pulse.ts';
import { eventually } from './eventually.ts';
import { KafkaNamespace } from './kafka-namespace.ts';
import { kcatRecords } from './kcat-table.ts';

export interface PlayedSpec {
  readonly brokers: readonly string[];
  readonly name: string;
  readonly random: () => number;
  readonly days?: number;
  /** Event time per real time of the ingest. */
  readonly speed?: number;
}

/**
 * A source and two instances work on a market while something happens to the brokers: none of the instances ends, they
 * process what has come, and the tables are those of a batch job. A source that has to give up is started again.
 */
export async function playThrough(
  spec: PlayedSpec,
  happens: (namespace: KafkaNamespace) => Promise<void>,
): Promise<void> {
  const { brokers, name, random, days = 2, speed = 8_000 } = spec;
  const file = disorderlyMarket(random, days);
  const namespace = await KafkaNamespace.create({ brokers, name });
  const instances = await Promise.all([namespace.begin(), namespace.begin()]);
  const ingest = ['ingest', '--source', 'recorded', '--file', file];
  const source = startPulse([...ingest, '--speed', String(speed)], namespace.env);
  await eventually(
    'rows come out',
    async () => (await kcatRecords(brokers, namespace.topic('pulse.prices_hourly'))).length > 300,
  );
  await happens(namespace);
  await endOf(source);
  const { code, stderr } = await startPulse(ingest, namespace.env).ended;
  expect(code, stderr).toBe(0);
  for (const { child } of instances) expect(child.exitCode, 'an instance that is at work').toBe(null);
  await namespace.finish(instances);
  await namespace.expectTables(recordedRecords(file));
}

/** Says how a source ended: one that the brokers were away from for too long is its user's to start again. */
async function endOf(source: RunningPulse): Promise<void> {
  const { code, stderr } = await source.ended;
  console.log(`the source ended with ${code}${code === 0 ? '' : `: ${stderr.trimEnd().split('\n').at(-1)}`}`);
  if (code !== 0) expect(stderr.trimEnd().split('\n').at(-1)).toMatch(/^pulse: [^\n]+$/);
}
