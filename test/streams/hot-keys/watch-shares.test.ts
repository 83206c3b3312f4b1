import { VirtualTimeScheduler } from 'rxjs';
import { expect, it } from 'vitest';
import { HotKeys } from '../../../src/streams/hot-keys/hot-keys.ts';
import { watchShares } from '../../../src/streams/hot-keys/watch-shares.ts';

it('a key is salted while it has a large share, and told when that changes', async () => {
  const clock = new VirtualTimeScheduler();
  const hotKeys = new HotKeys(() => clock.now());
  const told: string[][] = [];
  const failures: unknown[] = [];
  const watching = watchShares({
    ...{ partitions: 4, hotKeys, clock },
    onChange: (salted) => told.push(salted.map(({ key, home }) => `${key}@${home}`)),
    onFailure: (error) => failures.push(error),
  });
  const pass = async (ms: number): Promise<void> => {
    clock.maxFrames = clock.frame + ms;
    clock.flush();
    clock.frame = clock.maxFrames;
    await new Promise(setImmediate);
  };
  hotKeys.at(1).count('hot', 600);
  hotKeys.at(1).count('cool', 90);
  hotKeys.at(2).count('other', 150);
  await pass(500);
  expect(told).toEqual([['hot@1']]);
  expect(hotKeys.at(1).salted).toEqual([{ key: 'hot', salts: 4 }]);
  expect(hotKeys.at(2).salted).toEqual([]);
  // Out of the horizon: others are all that comes.
  await pass(15_000);
  for (const key of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k']) hotKeys.at(1).count(key, 50);
  await pass(500);
  expect(told).toEqual([['hot@1'], []]);
  watching.unsubscribe();
  hotKeys.at(1).count('hot', 100_000);
  await pass(1_000);
  expect(told).toHaveLength(2);
  expect(failures).toEqual([]);
});
