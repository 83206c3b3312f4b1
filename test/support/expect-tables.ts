import { join } from 'node:path';
import { openEmbeddedLog } from '../../src/streams/log/embedded/embedded-log.ts';
import { topicNames } from '../../src/streams/topics.ts';
import { latestRows } from './driver/latest-rows.ts';
import { expectEqualTable } from './equal-tables.ts';
import { oracleTables } from './oracle/oracle-tables.ts';
import { recordedRecords } from './oracle/recorded-records.ts';

/** Expects the three tables of a namespace's folder to be those that a batch job computes of the files' ticks. */
export async function expectTables(folder: string, files: readonly string[], namespace = ''): Promise<void> {
  const wanted = oracleTables(files.flatMap((file) => recordedRecords(file)));
  const names = topicNames(namespace);
  const log = await openEmbeddedLog({ path: join(folder, 'log'), mode: 'read' });
  try {
    const table = async (topic: string) => {
      const partitions = (await log.topics.describe(topic))?.partitions ?? 0;
      const rows = await latestRows(log, topic, partitions);
      return [...rows].map(([key, value]) => ({ key, value: JSON.parse(value) as unknown }));
    };
    expectEqualTable(await table(names.prices), wanted.silver);
    expectEqualTable(await table(names.features), wanted.features);
    expectEqualTable(await table(names.movers), wanted.movers);
  } finally {
    await log.close();
  }
}
