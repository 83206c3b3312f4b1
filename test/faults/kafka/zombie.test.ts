import { readFileSync } from 'node:fs';
import { describe, expect, inject, it } from 'vitest';
import { seededRandom } from '../../../src/streams/1-ingest/simulated/random.ts';
import { fenced } from '../../../src/streams/log/local/writer-errors.ts';
import { disorderlyMarket } from '../../support/disorderly-market.ts';
import { recordedRecords } from '../../support/oracle/recorded-records.ts';
import { temporaryFolder } from '../../support/pulse.ts';
import { eventually } from './support/eventually.ts';
import { interruptAt } from './support/interruption.ts';
import { KafkaNamespace } from './support/kafka-namespace.ts';
import { SourceFeed } from './support/source-feed.ts';
import { taskOwners, tasksOf } from './support/task-owners.ts';
import { watchProgress } from './support/watch-progress.ts';

/** What a broker answers who has been taken over: INVALID_PRODUCER_EPOCH, PRODUCER_FENCED. */
const FENCED = [47, 90];

const PACE = { count: 12, everyMs: 100 };

/** Whether the process is stopped, as by SIGSTOP. */
const isStopped = (pid: number): boolean => /\) T /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));

/** The tasks of which a process said that their writer was fenced: a notice begins with the task, and ends with why. */
const fencedIn = (stderr: string): readonly string[] =>
  [...stderr.matchAll(/^(\S+) .*: The writer \S+ was fenced/gm)].map(([, task = '']) => task);

describe('an instance that is paused in a commit past its session, and woken', () => {
  it('would be seen to fence another', () => {
    expect(fencedIn(`so it says\na|b|0 starts anew: ${fenced('a-b-0').message}\n`)).toEqual(['a|b|0']);
  });

  it('is fenced, fences nobody who is in the right, and works on', async () => {
    const seed = String(Date.now());
    console.log(`zombie seed ${seed}`);
    const random = seededRandom(seed);
    const records = recordedRecords(disorderlyMarket(random, 2));
    const namespace = await KafkaNamespace.create({ brokers: inject('kafkaBrokers'), name: 'zombie' });
    const feed = await SourceFeed.open({
      brokers: namespace.brokers,
      topic: namespace.topic('coingecko.markets'),
      records,
    });
    const progress = await watchProgress(namespace);
    const nth = 8 + Math.floor(random() * 10);
    const late = interruptAt(
      { stage: 'maintain', request: 'EndTxn', moment: 'before', nth },
      'SIGSTOP',
      temporaryFolder(),
    );
    const zombie = await namespace.begin(late.env);
    const owner = await namespace.begin();
    await feed.sendWhile(() => !late.isReached(), PACE);
    await eventually('it is stopped', () => isStopped(zombie.child.pid!));

    // The other one takes everything over: its positions move to the end of all that has come.
    await feed.send(120);
    await progress.caughtUp();
    await eventually('it has all', async () => (await tasksOf(namespace, owner.child.pid)) === 8);
    expect(isStopped(zombie.child.pid!)).toBe(true);

    zombie.child.kill('SIGCONT');
    await feed.sendWhile(() => late.answer() === undefined, PACE);
    expect(FENCED).toContain(late.answer());
    const haveHalfEach = async (): Promise<boolean> =>
      (await tasksOf(namespace, zombie.child.pid)) === 4 && (await tasksOf(namespace, owner.child.pid)) === 4;
    await eventually('it works again', async () => {
      await feed.send(6);
      return haveHalfEach();
    });
    // Nobody helps them: every partition is worked on by one of the two.
    await feed.send(600);
    await progress.caughtUp();
    await eventually('each has half', haveHalfEach);
    const owners = new Map([...(await taskOwners(namespace, 'combine')), ...(await taskOwners(namespace, 'maintain'))]);
    await feed.send();
    await namespace.finish([zombie, owner]);
    await namespace.expectTables(records);
    const wronged = fencedIn((await owner.ended).stderr).filter((task) => owners.get(task) === owner.child.pid);
    expect(wronged, 'what the one in the right was deprived of, and kept').toEqual([]);
  });
});
