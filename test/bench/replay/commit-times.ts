import { join } from 'node:path';
import { openEmbeddedLog } from '../../../src/streams/log/embedded/embedded-log.ts';
import type { StageReport } from '../../../src/streams/task/reports.ts';
import { topicNames } from '../../../src/streams/topics.ts';

/** Milliseconds of the commits that the live tasks have told of between two moments, beside whoever writes. */
export async function commitTimes(folder: string, partitions: number, from: number, to: number): Promise<number[]> {
  const log = await openEmbeddedLog({ path: join(folder, 'log'), mode: 'read' });
  const times: number[] = [];
  try {
    for (let partition = 0; partition < partitions; partition++) {
      const at = { topic: topicNames('').tasks, partition };
      const { start, end } = await log.bounds(at);
      for await (const { records } of log.read(at, start, end))
        for (const { timestamp, key, value } of records) {
          if (timestamp < from || timestamp >= to || !/^(combine|maintain)\|/.test(String(key))) continue;
          times.push((JSON.parse(String(value)) as StageReport).commit_ms);
        }
    }
  } finally {
    await log.close();
  }
  return times;
}
