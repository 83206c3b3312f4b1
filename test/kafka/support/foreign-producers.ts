import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runClient } from './run-client.ts';

/** A record to send, without headers and with nothing said of its partition. */
export interface Keyed {
  readonly key: string;
  readonly value: string;
}

/** Sends records as somebody else's program would: each key goes where that client's partitioner puts it. */
export type ForeignProducer = (
  brokers: readonly string[],
  topic: string,
  records: readonly Keyed[],
) => Promise<unknown>;

const CLIENTS = resolve(import.meta.dirname, 'clients');
const FETCH = resolve(import.meta.dirname, '..', '..', '..', 'infra', 'kafka.sh');
const KAFKA_PYTHON = 'kafka-python==3.0.12';

/** Kafka's own client, with the jars of the broker. */
export const javaProducer: ForeignProducer = async (brokers, topic, records) => {
  const jars = (await runClient(FETCH, ['fetch'])).trim();
  const args = ['-XX:TieredStopAtLevel=1', '-cp', `${jars}/*`, join(CLIENTS, 'Produce.java'), brokers.join(), topic];
  return runClient('java', args, inHex(records));
};

/** kafka-python, in an environment that is made for it. */
export const pythonProducer: ForeignProducer = async (brokers, topic, records) => {
  const python = join(await pythonEnvironment(), 'bin', 'python');
  return runClient(python, [join(CLIENTS, 'produce.py'), brokers.join(), topic], inHex(records));
};

/** librdkafka, as kcat has it; its own default partitioner is another one, so Java's is named. */
export const kcatProducer: ForeignProducer = (brokers, topic, records) => {
  const args = [
    '-b',
    brokers.join(),
    '-P',
    '-t',
    topic,
    '-K',
    '\t',
    '-X',
    'partitioner=murmur2_random',
    '-z',
    'snappy',
  ];
  return runClient('kcat', args, records.map(({ key, value }) => `${key}\t${value}\n`).join(''));
};

let environment: Promise<string> | undefined;

function pythonEnvironment(): Promise<string> {
  return (environment ??= makeEnvironment());
}

async function makeEnvironment(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'pulse-python-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  await runClient('python3', ['-m', 'venv', folder]);
  await runClient(join(folder, 'bin', 'pip'), ['install', '--quiet', '--disable-pip-version-check', KAFKA_PYTHON]);
  return folder;
}

const inHex = (records: readonly Keyed[]): string =>
  records.map(({ key, value }) => `${hex(key)} ${hex(value)}\n`).join('');

const hex = (text: string): string => Buffer.from(text, 'utf8').toString('hex');
