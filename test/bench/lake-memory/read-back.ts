import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import process from 'node:process';
import { LakeDisk } from '../../../src/streams/5-lake/disk/lake-disk.ts';
import { nodeDisk } from '../../../src/streams/5-lake/disk/node-disk.ts';
import { BronzeSource } from '../../../src/streams/5-lake/source/bronze-source.ts';
import { bronzeTable } from '../../../src/streams/5-lake/tables.ts';
import { openEmbeddedLog } from '../../../src/streams/log/embedded/embedded-log.ts';

/* In a process of its own: reads back the whole Bronze table of a data folder, and prints how many rows that were. */

const [folder = '', topic = '', partitions = ''] = process.argv.slice(2);
const log = await openEmbeddedLog({ path: join(folder, 'log'), mode: 'read' });
const { identity } = log;
await log.close();
const disk = new LakeDisk(nodeDisk, folder, randomUUID);
const options = { disk, folder: join(folder, bronzeTable.name), now: Date.now, retentionMs: 3_600_000 };
const source = await BronzeSource.open(options, { log: identity, topicId: undefined });
if (source === undefined) throw new Error('there is no table');
let rows = 0;
for (let partition = 0; partition < Number(partitions); partition++) {
  const at = { topic, partition };
  for await (const { records, gaps } of source.read(at, 0, source.end(at) ?? 0)) {
    if (gaps.length > 0) throw new Error(`${gaps.length} gaps before ${records[0]?.offset}`);
    rows += records.length;
  }
}
process.stdout.write(`${rows}\n`);
