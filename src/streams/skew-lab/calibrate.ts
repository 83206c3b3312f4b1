import type { RecordCosts } from '../hot-keys/lane-demand.ts';
import { LabBundles, labRecordsOf } from './bundle.ts';
import type { Clocks } from './clocks.ts';
import type { ArenaReader } from './record-arena.ts';
import type { SharedChunks } from './shared-chunks.ts';
import type { WorkOfTasks } from './work-of-tasks.ts';

const ROUNDS = 5;
const RECORDS = 2_000;
const NO_PLAN = { salted: [] };

/**
 * What a record costs to be worked on, to be copied into a bundle, and to be taken out of it: of the last of some rounds,
 * the ones before compile the code. What comes of the work is thrown away.
 */
export function calibrate(arena: ArenaReader, work: WorkOfTasks, chunks: SharedChunks, { busy }: Clocks): RecordCosts {
  const records = Math.min(arena.records, RECORDS);
  const task = work.of(0, NO_PLAN);
  let costs: RecordCosts = { workUs: 0, sendUs: 0, receiveUs: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    const startedAt = busy();
    const writer = new LabBundles(0, chunks);
    for (let index = 0; index < records; index++) writer.add(0, arena.record(index));
    const bundles = writer.take();
    const sentAt = busy();
    const received = bundles.flatMap((bundle) => labRecordsOf(bundle, arena));
    const receivedAt = busy();
    for (const record of received) {
      task.add(record);
      work.extra.add(record);
    }
    task.commit();
    work.extra.commit();
    chunks.recycle();
    const each = (ms: number): number => (1_000 * ms) / records;
    costs = {
      workUs: each(busy() - receivedAt),
      sendUs: each(sentAt - startedAt),
      receiveUs: each(receivedAt - sentAt),
    };
  }
  return costs;
}
