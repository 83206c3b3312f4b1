import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

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

const LARGEST_OUTPUT = 1 << 30;

/** Every committed record of a topic, read by a consumer that is not ours; each partition's in the order of its offsets. */
export async function kcatRecords(brokers: readonly string[], topic: string): Promise<readonly KcatRecord[]> {
  const reading = ['-C', '-t', topic, '-o', 'beginning', '-e', '-q', '-J'];
  const options = ['-b', brokers.join(), '-X', 'isolation.level=read_committed'];
  const { stdout } = await promisify(execFile)('kcat', [...options, ...reading], { maxBuffer: LARGEST_OUTPUT });
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as KcatRecord);
}

/**
 * The latest row of every key of a topic whose values are JSON; a key that was deleted has none. Throws where a key lies in
 * two partitions: there is no latest of them.
 */
export async function kcatTable(brokers: readonly string[], topic: string): Promise<readonly KcatRow[]> {
  const latest = new Map<string, KcatRecord>();
  for (const record of await kcatRecords(brokers, topic)) {
    const { key, partition } = record;
    if (key === null) throw new Error(`${topic}[${partition}] offset ${record.offset} has no key`);
    const before = latest.get(key);
    if (before !== undefined && before.partition !== partition)
      throw new Error(`${key} lies in the partitions ${before.partition} and ${partition} of ${topic}`);
    latest.set(key, record);
  }
  return [...latest].flatMap(([key, { payload }]) =>
    payload === null ? [] : [{ key, value: JSON.parse(payload) as unknown }],
  );
}

/** A header of a record: kcat prints names and values in turn. */
export function kcatHeader({ headers = [] }: KcatRecord, name: string): string | undefined {
  const at = headers.findIndex((each, index) => index % 2 === 0 && each === name);
  return at === -1 ? undefined : headers[at + 1];
}
