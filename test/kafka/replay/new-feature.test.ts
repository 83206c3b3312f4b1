import avro from 'avsc';
import type { KafkaMessage } from 'kafkajs';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { declaredTables } from '../../support/declared-tables.ts';
import { expectEqualTable } from '../../support/equal-tables.ts';
import { laterTicks } from '../../support/later-ticks.ts';
import { declaredTree } from '../../support/new-feature-page.ts';
import { FEW_HOURS } from '../../support/processed-folder.ts';
import { pulse, readTopic, temporaryFolder } from '../../support/pulse.ts';
import { readWithKafkajs } from '../support/read-with-kafkajs.ts';
import { readWithPython } from '../support/python-client.ts';
import { type Registry, startRegistry } from '../support/registry.ts';

const NAME = 'drawdown_7d';
const HEADER_BYTES = 5;
/** Of {@link FEW_HOURS}: 30 coins, 8 hours. */
const ROWS = 240;

let registry: Registry;
beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(() => registry.stop());

interface Version {
  readonly id: number;
  readonly version: number;
  readonly schema: string;
}

it('a declared feature is the next version of the schema, compatible backwards, and old rows are read with it', async () => {
  const env = {
    ...{ KAFKA_BROKERS: inject('kafkaBrokers').join(), SCHEMA_REGISTRY_URL: registry.url },
    ...{ PULSE_NAMESPACE: `declared-${process.pid}`, PULSE_DATA_DIR: temporaryFolder() },
  };
  const tree = declaredTree();
  const takeIn = async (file: string, code?: string): Promise<void> => {
    for (const args of [
      ['ingest', '--source', 'recorded', '--file', file],
      ['process', '--until-caught-up'],
    ]) {
      const ended = await pulse(args, env, code);
      expect(ended, ended.stderr).toMatchObject({ code: 0 });
    }
  };
  const topic = `${env.PULSE_NAMESPACE}.pulse.features_hourly`;
  await takeIn(FEW_HOURS);
  const old = await valuesUntil(topic, (records) => new Set(records.map(({ key }) => String(key))).size === ROWS);
  const later = laterTicks();
  await takeIn(later, tree);

  const [first, second, ...more] = await versions(`${topic}-value`);
  expect([first?.version, second?.version, more]).toEqual([1, 2, []]);
  expect(await answer(`/config/${topic}-value`)).toMatchObject({ compatibilityLevel: 'BACKWARD' });
  expect(fieldsOf(second)).toEqual(
    fieldsOf(first).toSpliced(-1, 0, {
      ...{ name: NAME, type: ['null', 'double'], default: null },
      doc: 'P(h) / highest price over (h − 168h, h] − 1',
    }),
  );
  for (const table of ['prices_hourly', 'top_movers_24h'])
    expect(await versions(`${env.PULSE_NAMESPACE}.pulse.${table}-value`)).toHaveLength(1);

  // Whoever reads with the new schema what the old code wrote.
  const [writer, reader] = [first, second].map((version) => typeOf(version!.schema)) as [avro.Type, avro.Type];
  const resolver = reader.createResolver(writer);
  for (const value of old) {
    expect(value.readUInt32BE(1)).toBe(first!.id);
    const row = (reader.decode(value, HEADER_BYTES, resolver) as { value: Record<string, unknown> }).value;
    expect(row).toEqual({ ...(writer.decode(value, HEADER_BYTES) as { value: object }).value, [NAME]: null });
  }
  const isNew = ({ value }: KafkaMessage): boolean => value?.readUInt32BE(1) === second!.id;
  expect(await valuesUntil(topic, (records) => records.some(isNew))).not.toEqual([]);

  const wanted = declaredTables([FEW_HOURS, later]).features;
  expectEqualTable(await readTopic('pulse.features_hourly', ['--latest-per-key'], env), wanted);
  expectEqualTable(await readWithPython(inject('kafkaBrokers'), registry.url, topic), wanted);
}, 300_000);

const typeOf = (schema: string): avro.Type => avro.Type.forSchema(JSON.parse(schema) as avro.Schema);

const fieldsOf = (version: Version | undefined): readonly object[] =>
  (JSON.parse(version?.schema ?? '{"fields":[]}') as { readonly fields: readonly object[] }).fields;

const answer = async (path: string): Promise<unknown> => (await fetch(`${registry.url}${path}`)).json();

async function versions(subject: string): Promise<readonly Version[]> {
  const numbers = (await answer(`/subjects/${subject}/versions`)) as readonly number[];
  return Promise.all(numbers.map(async (n) => (await answer(`/subjects/${subject}/versions/${n}`)) as Version));
}

/** The values of a topic as they are stored, from where it was last read up to when they are enough. */
async function valuesUntil(
  topic: string,
  isEnough: (records: readonly KafkaMessage[]) => boolean,
): Promise<readonly Buffer[]> {
  const records = await readWithKafkajs(inject('kafkaBrokers'), topic, isEnough);
  return records.flatMap(({ value }) => value ?? []);
}
