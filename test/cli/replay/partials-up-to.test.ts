import { expect, it } from 'vitest';
import { partialsUpTo } from '../../../src/cli/replay/partials-up-to.ts';
import { createMemoryLog } from '../../../src/streams/log/memory/memory-log.ts';
import type { FrozenInput } from '../../../src/streams/replay/frozen-input.ts';
import { combineShape } from '../../../src/streams/stages/flow.ts';
import { positionRecord } from '../../../src/streams/task/positions.ts';
import { topicNames, topicSpecs } from '../../../src/streams/topics.ts';
import { errorCode } from '../../support/log-contract-tools.ts';

const names = topicNames('');
const PARTITIONS = 2;
const input: FrozenInput = {
  ...{ of: '', log: 'a log', topic: names.markets, source: 'topic', startedAt: '', finishedAt: null },
  ranges: [
    { start: 0, end: 7 },
    { start: 0, end: 3 },
  ],
};

/** A log with partials, whose stage 1 stands there. */
async function standing(...offsets: readonly number[]) {
  const log = createMemoryLog();
  await log.topics.ensure(topicSpecs('', PARTITIONS));
  const { name: stage, input: topic } = combineShape(names);
  await log.append([
    ...offsets.map((offset, partition) =>
      positionRecord(names.positions, { stage, topic, partition, offset, carried: {} }),
    ),
    ...[1, 1, 1].map((partition) => ({ topic: names.partials, partition, key: 'a', value: '' })),
  ]);
  return { log, names, partitions: PARTITIONS };
}

it('says where the partials of the quotes up to an end come to an end themselves', async () => {
  expect(await partialsUpTo(await standing(7, 3), input)).toEqual([0, 3]);
});

it('rejects where there are partials of later quotes among them', async () => {
  const opened = await standing(7, 4);
  await expect(partialsUpTo(opened, input)).rejects.toEqual(errorCode('log-locked'));
  await expect(partialsUpTo(opened, input)).rejects.toThrow(
    /coingecko\.markets\[1\], which is at 4 and was to stop at 3/,
  );
});
