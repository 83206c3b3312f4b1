import { describe, expect, it, onTestFinished } from 'vitest';
import { orderHistory } from '../../../src/cli/replay/order-history.ts';
import { historyAsItLies, MINUTE, seenAt, START } from '../../streams/replay/timelapse/history-of.ts';
import { ManualTime } from '../../support/manual-time.ts';
import { temporaryFolder } from '../../support/pulse.ts';

/** Puts three quotes in order, where each look at the clock takes that long; what is said meanwhile, and the extent found. */
async function ordered(lookMs: number, signal = new AbortController().signal) {
  const { history, input } = await historyAsItLies([
    { partition: 0, seen: seenAt(2) },
    { partition: 0, seen: seenAt(1) },
    { partition: 1, seen: seenAt(3) },
  ]);
  const said: string[] = [];
  const clock = new ManualTime();
  const now = clock.now.bind(clock);
  clock.now = () => {
    clock.advance(lookMs);
    return now();
  };
  const out = { isTerminal: false, result: () => Promise.resolve(true), say: (line: string) => void said.push(line) };
  const made = await orderHistory({ clock, signal, out }, history, input.ranges, temporaryFolder());
  onTestFinished(() => made.close());
  return { said, extent: made.extent };
}

describe('a history that is put in order', () => {
  it('says how far it is where that takes longer than a moment', async () => {
    const { said } = await ordered(1_000);
    expect(said).toEqual([
      'putting the quotes in the order in which they were seen',
      '66 %, 2 of 3 records',
      expect.stringMatching(/^100 %, 3 of 3 records/),
    ]);
  });

  it('says nothing where it takes no longer', async () => {
    expect(await ordered(400)).toEqual({ said: [], extent: { from: START + MINUTE, to: START + 3 * MINUTE } });
  });

  it('ends where a signal comes', async () => {
    expect(await ordered(1_000, AbortSignal.abort())).toEqual({ said: [], extent: undefined });
  });
});
