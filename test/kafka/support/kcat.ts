import { runClient } from './run-client.ts';

/** A record as kcat (librdkafka) prints it. */
export interface KcatRecord {
  readonly partition: number;
  readonly offset: number;
  /** Milliseconds since the epoch. */
  readonly ts: number;
  /** Names and values, one after the other; absent where there are none. */
  readonly headers?: readonly string[];
  readonly key: string | null;
  readonly payload: string | null;
}

/** Everything that a topic holds, committed only. */
export async function readWithKcat(brokers: readonly string[], topic: string): Promise<readonly KcatRecord[]> {
  const committed = ['-X', 'isolation.level=read_committed'];
  const out = await runClient('kcat', [
    '-b',
    brokers.join(),
    '-C',
    '-t',
    topic,
    '-o',
    'beginning',
    '-e',
    '-q',
    '-J',
    ...committed,
  ]);
  return out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as KcatRecord);
}
