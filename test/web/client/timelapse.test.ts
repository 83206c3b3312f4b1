import { describe, expect, it } from 'vitest';
import { leftText, percentText, sidesOf } from '../../../src/web/client/replay/replay-texts.ts';
import { describeSource } from '../../../src/web/client/shell/source-message.ts';
import {
  namespaceText,
  speedsWith,
  steppedTo,
  timelapseState,
} from '../../../src/web/client/timelapse/timelapse-texts.ts';
import type { Status } from '../../../src/web/contract.ts';
import type { Timelapse } from '../../../src/web/replay-contract.ts';

const HOUR = 3_600_000;
const at = Date.parse('2023-12-05T03:00:00Z');
const timelapse: Timelapse = {
  ...{
    of: '',
    from: at - 30 * HOUR,
    to: at + 2 * HOUR,
    at,
    speed: 600,
    isPaused: false,
    state: 'playing',
    target: null,
  },
};

describe('the scrubber of a time-lapse', () => {
  it.each([
    ['ArrowRight', at + HOUR],
    ['ArrowLeft', at - HOUR],
    ['PageDown', at - 24 * HOUR],
    ['PageUp', timelapse.to],
    ['Home', timelapse.from],
    ['End', timelapse.to],
    ['a', undefined],
  ])('moves by %s', (key, to) => {
    expect(steppedTo(key, at, timelapse)).toBe(to);
  });
});

describe('what a time-lapse says', () => {
  it('is what it does, where that is not just to play', () => {
    expect(timelapseState(timelapse, 'utc')).toBe('');
    expect(timelapseState({ ...timelapse, isPaused: true }, 'utc')).toBe('paused');
    expect(timelapseState({ ...timelapse, state: 'going-back', target: at }, 'utc')).toBe(
      'going back to 5 Dec 2023, 03:00 UTC …',
    );
    expect(namespaceText('')).toBe('the default namespace');
  });

  it('offers its own speed among the others', () => {
    expect(speedsWith([60, 600, 'max'], 900)).toEqual([60, 600, 900, 'max']);
    expect(speedsWith([60, 600, 'max'], 'max')).toEqual([60, 600, 'max']);
  });
});

describe('what a replay says', () => {
  const status: Status = {
    ...{ namespace: 'replay', source: null, stages: [], deadLetters: 0 },
    view: { state: 'live', behind: 0, isArriving: false, message: null },
    replay: { of: 'live', from: 'bronze', startedAt: at, finishedAt: at + HOUR },
  };
  it('is whose it is and when it was made, and not that nothing has come', () => {
    expect(describeSource(status, { kind: 'unknown' }, 'utc')).toMatchObject({
      ...{ tone: 'played', label: 'Not live', headline: 'Replay of the namespace live' },
      detail: expect.stringMatching(/^From Bronze .* begun at 5 Dec 2023, 03:00 UTC\. Finished at/) as string,
    });
  });

  it('has figures that a person reads', () => {
    expect([leftText(400), leftText(61_000), leftText(7_500_000)]).toEqual(['1 s', '1 min 1 s', '2 h 5 min']);
    expect(percentText(0.9999)).toBe('99 %');
    expect(sidesOf({ table: 'prices', key: 'a|b', a: { price: 1 }, b: null })).toEqual([['price', '1', 'no such row']]);
    expect(sidesOf({ table: 'prices', key: 'a|b', a: { price: 1 }, b: {} })).toEqual([['price', '1', 'no such field']]);
  });
});
