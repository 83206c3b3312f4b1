import { describe, expect, it } from 'vitest';
import { PacedSteps, type TimedRecord } from '../../../../src/streams/1-ingest/pace/paced-steps.ts';
import { Playback } from '../../../../src/streams/1-ingest/pace/playback.ts';
import { ManualTime } from '../../../support/manual-time.ts';

const quote = (time: number, key: string): TimedRecord => ({
  time,
  record: { topic: 'coingecko.markets', partition: 0, key, value: '' },
});

describe('paced steps', () => {
  it('deal out all quotes of a moment, whatever is paused in the midst of it, and none of the next', async () => {
    const clock = new ManualTime();
    const playback = new Playback({ speed: 1, fastForwardMs: 0 });
    const paced = new PacedSteps(clock, playback);
    const stop = new AbortController();
    const dealt: string[] = [];
    const deal = async (...quotes: readonly TimedRecord[]): Promise<void> => {
      for await (const { records } of paced.due(quotes, () => undefined, stop.signal))
        dealt.push(...records.map(({ key }) => String(key)));
    };
    await deal(quote(0, 'a'));
    playback.change({ speed: 1, isPaused: true }, clock.now());
    const rest = deal(quote(0, 'b'), quote(1, 'c'));
    await new Promise((wake) => setImmediate(wake));
    expect(dealt).toEqual(['a', 'b']);
    stop.abort();
    await rest;
    expect(dealt).toEqual(['a', 'b']);
  });

  it('go on in the midst of a moment that was dealt out in part before', async () => {
    const clock = new ManualTime();
    const playback = new Playback({ speed: 1, fastForwardMs: 0 });
    playback.change({ speed: 1, isPaused: true }, clock.now());
    const paced = new PacedSteps(clock, playback);
    paced.skip(5);
    const steps = paced.due([quote(5, 'b')], () => undefined, new AbortController().signal);
    expect((await steps.next()).value).toMatchObject({ records: [{ key: 'b' }] });
  });
});
