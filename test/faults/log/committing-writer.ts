/**
 * Commits numbered transactions to the log in the folder it is given, until it is killed, and says on a line of its own
 * which have been acknowledged (`lane number`). Each lane has a writer of its own; a transaction spreads its records over
 * partitions and topics, and goes on from the number that the lane's newest position says. Cleans and purges meanwhile.
 */
import { writeSync } from 'node:fs';
import { openEmbeddedLog } from '../../../src/streams/log/embedded/embedded-log.ts';
import type { LocalLog } from '../../../src/streams/log/local/maintenance.ts';
import type { OutputRecord } from '../../../src/streams/log/log.ts';
import { killTopics, LANES, transactionOf } from './numbered-transactions.ts';

async function lastCommitted(log: LocalLog, lane: number): Promise<number> {
  let last = 0;
  const at = { topic: 'positions', partition: 0 };
  const { start, end } = await log.bounds(at);
  for await (const { records } of log.read(at, start, end)) {
    for (const { key, value } of records) if (String(key) === `lane-${lane}`) last = Number(value);
  }
  return last;
}

async function commitForEver(log: LocalLog, lane: number): Promise<never> {
  const writer = await log.writer(`lane-${lane}`);
  for (let number = (await lastCommitted(log, lane)) + 1; ; number++) {
    const position: OutputRecord = { topic: 'positions', partition: 0, key: `lane-${lane}`, value: `${number}` };
    await writer.commit([...transactionOf(lane, number), position]);
    writeSync(1, `${lane} ${number}\n`);
  }
}

async function tidyForEver(log: LocalLog): Promise<never> {
  for (;;) {
    const { end } = await log.bounds({ topic: 'passing', partition: 0 });
    await log.purge({ topic: 'passing', partition: 0 }, Math.max(0, end - 20));
    await log.compact();
  }
}

const log = await openEmbeddedLog({ path: process.argv[2] ?? '', mode: 'write' });
await log.topics.ensure(killTopics);
writeSync(1, 'ready\n');
await Promise.all([tidyForEver(log), ...Array.from({ length: LANES }, (_, lane) => commitForEver(log, lane))]);
