import type { Log } from '../log/log.ts';

/** The latest value of each key in a partition of `pulse.positions`, parsed; tombstones take a key out. */
export async function readPositions(log: Log, topic: string, partition: number): Promise<ReadonlyMap<string, unknown>> {
  const at = { topic, partition };
  const { start, end } = await log.bounds(at);
  const latest = new Map<string, unknown>();
  for await (const { records } of log.read(at, start, end)) {
    for (const { key, value } of records) {
      if (key === null) continue;
      if (value === null) latest.delete(key.toString('utf8'));
      else latest.set(key.toString('utf8'), JSON.parse(value.toString('utf8')));
    }
  }
  return latest;
}
