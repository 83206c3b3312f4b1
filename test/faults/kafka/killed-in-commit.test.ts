import { describe, expect, inject, it } from 'vitest';
import { seededRandom } from '../../../src/streams/1-ingest/simulated/random.ts';
import { disorderlyMarket } from '../../support/disorderly-market.ts';
import { recordedRecords } from '../../support/oracle/recorded-records.ts';
import { startPulse, temporaryFolder } from '../../support/pulse.ts';
import { type CommitMoment, commitRequests, interruptAt, moments } from './support/interruption.ts';
import { eventually } from './support/eventually.ts';
import { KafkaNamespace } from './support/kafka-namespace.ts';
import { takenIn, watchPositions } from './support/position-watch.ts';
import { SourceFeed } from './support/source-feed.ts';

const STAGES = ['combine', 'maintain'] as const;
/** A killed member is missed only after its session's 10 s: so many namespaces wait for that at the same time. */
const LANES = 6;
const DAYS = 2;
/** Sent once those before are committed: enough for every partition to get some. */
const CHUNK = 12;

/** Every moment of a commit of either stage: after its end, the next begins. */
const steps = STAGES.flatMap((stage) =>
  Object.keys(commitRequests).flatMap((request) =>
    moments.map((moment) => ({ stage, request: request as CommitMoment['request'], moment })),
  ),
);

describe('an instance that is killed with -9 in a commit', () => {
  it(`leaves the tables of a batch job, whichever of ${steps.length} moments it dies at`, async () => {
    const seed = String(Date.now());
    console.log(`kill seed ${seed}`);
    const random = seededRandom(seed);
    const shuffled = steps
      .map((step) => ({ step: { ...step, nth: 6 + Math.floor(random() * 20) }, at: random() }))
      .toSorted((a, b) => a.at - b.at)
      .map(({ step }) => step);
    const lanes = Array.from({ length: LANES }, (_, lane) => ({
      steps: shuffled.filter((_step, index) => index % LANES === lane),
      file: disorderlyMarket(random, DAYS),
    }));
    await Promise.all(lanes.map((lane, index) => killInTurn(lane, `commit-${index}`)));
  });
});

async function killInTurn(
  { steps: toDieAt, file }: { readonly steps: readonly CommitMoment[]; readonly file: string },
  name: string,
): Promise<void> {
  const records = recordedRecords(file);
  const namespace = await KafkaNamespace.create({ brokers: inject('kafkaBrokers'), name });
  const feed = await SourceFeed.open({
    brokers: namespace.brokers,
    topic: namespace.topic('coingecko.markets'),
    records,
  });
  const positions = await watchPositions({ brokers: namespace.brokers, topic: namespace.topic('pulse.positions') }, 4);
  for (const step of toDieAt) {
    const { env, isReached } = interruptAt(step, 'SIGKILL', temporaryFolder());
    // It may die of what the one before has left, before it says that it is at work.
    const victim = startPulse(['process'], { ...namespace.env, ...env });
    const isDead = (): boolean => victim.child.signalCode !== null;
    while (!isDead()) {
      expect(feed.left, `records for ${JSON.stringify(step)}`).toBeGreaterThan(0);
      await feed.send(CHUNK);
      await eventually('it commits, or dies', () => isDead() || takenIn(positions) >= feed.sent);
    }
    expect(await victim.ended, JSON.stringify(step)).toMatchObject({ signal: 'SIGKILL' });
    expect(isReached(), JSON.stringify(step)).toBe(true);
  }
  expect(feed.left, 'records after the last kill').toBeGreaterThan(0);
  await feed.send();
  await namespace.finish();
  await namespace.expectTables(records);
}
