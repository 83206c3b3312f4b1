import { asyncScheduler } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { IngestSession } from '../../../src/streams/1-ingest/ingest-session.ts';
import type { Log } from '../../../src/streams/log/log.ts';
import { emptyLog, latest, PARTITIONS, recordsOf } from './support/ingested.ts';

const open = (
  log: Log,
  source: 'coingecko' | 'recorded' | 'simulated',
  namespace = '',
  currency?: string,
): Promise<IngestSession> =>
  IngestSession.open({ log, namespace, partitions: PARTITIONS, scheduler: asyncScheduler }, source, currency);

const quote = { topic: 'coingecko.markets', partition: 1, key: 'a', value: '{}' };

describe('IngestSession', () => {
  it('decides the kind of the namespace with the first commit, in its transaction', async () => {
    const log = await emptyLog();
    const session = await open(log, 'recorded');
    expect(await latest(log, 'pulse.positions', 'namespace')).toBeUndefined();
    await session.commit([quote]);
    await session.commit([quote], { key: 'recorded|x', value: { records: 2 } });
    expect(await latest(log, 'pulse.positions', 'namespace')).toEqual({ kind: 'played' });
    const records = await recordsOf(log, { topic: 'pulse.positions', partition: 0 });
    expect(records.map(({ key }) => key?.toString())).toEqual(['namespace', 'recorded|x']);
  });

  it('takes the other source of the same kind, and refuses the other kind before anything is written', async () => {
    const log = await emptyLog();
    const recorded = await open(log, 'recorded');
    await recorded.commit([quote]);
    await recorded.close();
    await (await open(log, 'simulated')).close();
    const before = await recordsOf(log, { topic: 'pulse.positions', partition: 0 });
    await expect(open(log, 'coingecko')).rejects.toMatchObject({
      code: 'wrong-namespace-kind',
      message: expect.stringMatching(/default namespace holds played.*PULSE_NAMESPACE/u) as string,
    });
    expect(await recordsOf(log, { topic: 'pulse.positions', partition: 0 })).toHaveLength(before.length);
  });

  it('refuses played quotes where observed ones are, and names the namespace', async () => {
    const log = await emptyLog('live');
    await (await open(log, 'coingecko', 'live')).commit([{ ...quote, topic: 'live.coingecko.markets' }]);
    await expect(open(log, 'recorded', 'live')).rejects.toThrow("Namespace 'live' holds observed quotes");
  });

  it('refuses prices in another currency than those that are there, before anything is written', async () => {
    const log = await emptyLog();
    // One of before currencies were told: it is of the first one that comes.
    await (await open(log, 'coingecko')).commit([quote]);
    const euros = await open(log, 'coingecko', '', 'eur');
    await euros.commit([quote]);
    await (await open(log, 'coingecko', '', 'eur')).commit([quote]);
    expect(await latest(log, 'pulse.positions', 'namespace')).toEqual({ kind: 'observed', currency: 'eur' });
    await expect(open(log, 'coingecko', '', 'usd')).rejects.toMatchObject({
      code: 'wrong-namespace-kind',
      message: expect.stringMatching(/holds prices in eur and takes no usd.*vs_currency.*PULSE_NAMESPACE/u) as string,
    });
    const records = await recordsOf(log, { topic: 'pulse.positions', partition: 0 });
    expect(records.map(({ value }) => String(value))).toEqual([
      '{"kind":"observed"}',
      '{"kind":"observed","currency":"eur"}',
    ]);
  });

  it('leaves the namespace open to either kind as long as nothing was committed', async () => {
    const log = await emptyLog();
    await (await open(log, 'coingecko')).close();
    await expect(open(log, 'recorded')).resolves.toBeInstanceOf(IngestSession);
  });

  it('finds the positions of earlier sessions, and fences these', async () => {
    const log = await emptyLog();
    const first = await open(log, 'recorded');
    await first.commit([quote], { key: 'recorded|x', value: { records: 1 } });
    const second = await open(log, 'recorded');
    expect(second.position('recorded|x')).toEqual({ records: 1 });
    expect(second.position('recorded|y')).toBeUndefined();
    await expect(first.commit([quote])).rejects.toMatchObject({ code: 'fenced' });
    await expect(first.commit([quote])).rejects.toMatchObject({ code: 'fenced' });
    await second.commit([quote]);
    expect(await recordsOf(log, { topic: 'coingecko.markets', partition: 1 })).toHaveLength(2);
  });
});
