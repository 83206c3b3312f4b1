import { expect, it } from 'vitest';
import { groundOf } from '../../../src/streams/hot-keys/ground-of.ts';
import { HotKeys } from '../../../src/streams/hot-keys/hot-keys.ts';

const ground = groundOf({
  before: { max: 7_912_345, median: 1_000_400, ratio: 7.9, makespan: 0 },
  after: { max: 1_200_000, median: 1_000_000, ratio: 1.2, makespan: 0 },
  costs: { workUs: 36.04, sendUs: 2.25, receiveUs: 0.3 },
});

it('a partition remembers its own last decision, with the numbers that it was made by', () => {
  let now = 1_000;
  const hotKeys = new HotKeys(() => now);
  const [here, other] = [hotKeys.at(0), hotKeys.at(1)];
  hotKeys.salt([], ground);
  expect(here.decision).toBeUndefined();
  hotKeys.salt([{ key: 'a', home: 0, cycle: [0, 1, 2, 1] }], ground);
  const keys = [{ key: 'a', salts: 3 }];
  const numbers = { busiest_ms: 7912, median_ms: 1000, predicted_busiest_ms: 1200, predicted_median_ms: 1000 };
  const costs = { work_us: 36, send_us: 2.3, receive_us: 0.3 };
  const salted = { at: '1970-01-01T00:00:01.000Z', kind: 'salt', keys, ground: { ...numbers, ...costs } };
  expect(here.decision).toEqual(salted);
  expect(other.decision).toBeUndefined();

  now = 2_000;
  hotKeys.salt(
    [
      { key: 'a', home: 0, cycle: [0, 1, 2, 1] },
      { key: 'b', home: 1, cycle: [2, 3] },
    ],
    ground,
  );
  // Nothing has changed for it.
  expect(here.decision).toEqual(salted);
  expect(other.decision).toMatchObject({ kind: 'salt', at: '1970-01-01T00:00:02.000Z' });
  hotKeys.salt([{ key: 'a', home: 0, cycle: [0, 1] }]);
  expect(here.decision).toMatchObject({ kind: 'deal anew', keys: [{ key: 'a', salts: 2 }], ground: null });
  now = 3_000;
  hotKeys.salt([]);
  expect(here.decision).toMatchObject({
    kind: 'un-salt',
    keys: [{ key: 'a', salts: 2 }],
    at: '1970-01-01T00:00:03.000Z',
  });
});

it('who takes a partition later knows why its keys are salted', () => {
  const hotKeys = new HotKeys(() => 0.5);
  hotKeys.salt([{ key: 'a', home: 3, cycle: [3, 1] }], ground);
  expect(hotKeys.at(3).decision).toMatchObject({ kind: 'salt', ground: { work_us: 36 } });
});
