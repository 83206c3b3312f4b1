import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A record as kcat prints it. */
export interface KcatRecord {
  readonly partition: number;
  readonly offset: number;
  readonly key: string | null;
  readonly payload: string | null;
  readonly headers?: readonly string[];
}

/** The latest value of a key. */
export interface KcatRow {
  readonly key: string;
  readonly value: unknown;
}

/** Every committed record of a topic, read by a consumer that is not ours; each partition's in the order of its offsets. */
export async function kcatRecords(brokers: readonly string[], topic: string): Promise<readonly KcatRecord[]> {
  const records: KcatRecord[] = [];
  await readThrough(brokers, topic, (record) => records.push(record));
  return records;
}

/**
 * The latest row of every key of a topic whose values are JSON; a key that was deleted has none. Throws where a key lies in
 * two partitions: there is no latest of them.
 */
export async function kcatTable(brokers: readonly string[], topic: string): Promise<readonly KcatRow[]> {
  const latest = new Map<string, KcatRecord>();
  await readThrough(brokers, topic, (record) => {
    const { key, partition, offset } = record;
    if (key === null) throw new Error(`${topic}[${partition}] offset ${offset} has no key`);
    const before = latest.get(key);
    if (before !== undefined && before.partition !== partition)
      throw new Error(`${key} lies in the partitions ${before.partition} and ${partition} of ${topic}`);
    latest.set(key, record);
  });
  return [...latest].flatMap(([key, { payload }]) =>
    payload === null ? [] : [{ key, value: JSON.parse(payload) as unknown }],
  );
}

async function readThrough(
  brokers: readonly string[],
  topic: string,
  take: (record: KcatRecord) => void,
): Promise<void> {
  const reading = ['-C', '-t', topic, '-o', 'beginning', '-e', '-q', '-J'];
  const options = ['-b', brokers.join(), '-X', 'isolation.level=read_committed'];
  const kcat = spawn('kcat', [...options, ...reading], { stdio: ['ignore', 'pipe', 'pipe'] });
  const closed = once(kcat, 'close');
  let errors = '';
  kcat.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  try {
    // A topic of a long run is larger than a string can be: it is read line by line.
    for await (const line of createInterface(kcat.stdout)) take(JSON.parse(line) as KcatRecord);
  } finally {
    kcat.kill();
  }
  const code: unknown = (await closed)[0];
  if (code !== 0) throw new Error(`kcat ended with ${String(code)} reading ${topic}: ${errors}`);
}

/** A header of a record: kcat prints names and values in turn. */
export function kcatHeader({ headers = [] }: KcatRecord, name: string): string | undefined {
  const at = headers.findIndex((each, index) => index % 2 === 0 && each === name);
  return at === -1 ? undefined : headers[at + 1];
}
