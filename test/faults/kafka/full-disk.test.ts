import { mkdirSync } from 'node:fs';
import { afterEach, describe, inject, it } from 'vitest';
import { seededRandom } from '../../../src/streams/1-ingest/simulated/random.ts';
import { disorderlyMarket } from '../../support/disorderly-market.ts';
import { expectFailure } from '../../support/expect-failure.ts';
import { recordedRecords } from '../../support/oracle/recorded-records.ts';
import type { Ended } from '../../support/pulse.ts';
import { Tmpfs } from '../log/tmpfs.ts';
import { eventually } from './support/eventually.ts';
import { KafkaNamespace } from './support/kafka-namespace.ts';
import { SourceFeed } from './support/source-feed.ts';

const FULL = /disk (that holds .* )?(is full|has no room)[^\n]*[:;] free some space and start again/;

/** Expects one line of ours; LMDB's C code prints some of its failed writes by itself, which nothing in Node can stop. */
function expectFull(ended: Ended, said: RegExp): void {
  const ours = ended.stderr.replace(said, '').replace(/mdb_page_spill.*\n|Write error: .*?, size \d+/gm, '');
  expectFailure({ ...ended, stderr: ours, stdout: '' }, 1, FULL);
}

/** Records whose rows take more than a mebibyte of state. */
const ENOUGH = 36_000;

describe('a disk that is full under the state', () => {
  let disk: Tmpfs | undefined;
  afterEach(() => disk?.remove());

  it('ends an instance with one clear line; with more room it goes on, and nothing is lost', async () => {
    const seed = String(Date.now());
    console.log(`disk seed ${seed}`);
    const records = recordedRecords(disorderlyMarket(seededRandom(seed)));
    const namespace = await KafkaNamespace.create({ brokers: inject('kafkaBrokers'), name: 'disk' });
    mkdirSync(namespace.stateFolder, { recursive: true });
    disk = new Tmpfs('1m', namespace.stateFolder);
    const topic = namespace.topic('coingecko.markets');
    const feed = await SourceFeed.open({ brokers: namespace.brokers, topic, records });
    const instance = await namespace.begin();
    await feed.send(ENOUGH);
    await eventually('the disk is full', () => instance.child.exitCode !== null);
    expectFull(await instance.ended, /^processing; .*\n/m);
    expectFull(await namespace.catchUp(), /^$/);
    disk.remount('size=100m');
    const again = await namespace.begin();
    await feed.send();
    await namespace.finish([again]);
    await namespace.expectTables(records);
  });
});
