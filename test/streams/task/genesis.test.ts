import { asyncScheduler } from 'rxjs';
import { beforeEach, describe, expect, it } from 'vitest';
import { PulseError } from '../../../src/errors.ts';
import { sleepOn } from '../../../src/streams/clock/sleep.ts';
import type { LocalLog } from '../../../src/streams/log/local/maintenance.ts';
import type { Log, TransactionalWriter } from '../../../src/streams/log/log.ts';
import { ensurePositions, genesisId } from '../../../src/streams/task/genesis.ts';
import { readPositions, readStagePosition } from '../../../src/streams/task/positions.ts';
import { INPUT, OUTPUT, position, POSITIONS, taskLog, testStage, textsOf } from '../../support/task-harness.ts';

const PARTITIONS = 3;

let log: LocalLog;
beforeEach(async () => {
  log = await taskLog(PARTITIONS);
});

const sleep = sleepOn(asyncScheduler);
const first = {
  positionsTopic: POSITIONS,
  transactionalId: genesisId(''),
  stages: [testStage()],
  partitions: PARTITIONS,
  sleep,
};
const ensure = (): Promise<void> => ensurePositions(log, first);

const append = (topic: string, partition: number, count: number) =>
  log.append(Array.from({ length: count }, () => ({ topic, partition, key: 'a', value: 'a' })));

const offsets = (): Promise<readonly (number | undefined)[]> =>
  Promise.all(
    [0, 1, 2].map(
      async (partition) => (await readStagePosition(log, POSITIONS, 'test', { topic: INPUT, partition }))?.offset,
    ),
  );

describe('first positions', () => {
  it('are where the input begins, one a partition', async () => {
    await append(INPUT, 1, 5);
    await log.purge({ topic: INPUT, partition: 1 }, 4);
    await ensure();
    expect(await offsets()).toEqual([0, 4, 0]);
    expect(JSON.parse((await textsOf(log, POSITIONS, 1))[0]!)).toEqual({
      ...{ stage: 'test', topic: INPUT, partition: 1, offset: 4, topicId: await log.topics.id(INPUT), carried: {} },
    });
  });

  it('are written once: a stage that has any is left alone', async () => {
    await ensure();
    await log.append([position(9, {}, 1)]);
    await ensure();
    expect(await offsets()).toEqual([0, 9, 0]);
    expect(await textsOf(log, POSITIONS, 0)).toHaveLength(1);
  });

  it('are not made up for a partition that has lost its own: the task is to halt', async () => {
    await log.append([position(9, {}, 1)]);
    await ensure();
    expect(await offsets()).toEqual([undefined, 9, undefined]);
  });

  it('are refused to a stage that has outputs, which would count twice', async () => {
    await append(OUTPUT, 2, 1);
    await expect(ensure()).rejects.toMatchObject({
      code: 'position-missing',
      message: expect.stringMatching(
        /^test\.output\[2\] holds 1 record of the stage test, which has no position/,
      ) as string,
    });
    expect(await offsets()).toEqual([undefined, undefined, undefined]);
  });

  it('are the same, whoever else is at it', async () => {
    await append(INPUT, 0, 2);
    await Promise.all([ensure(), ensure(), ensure()]);
    expect(await offsets()).toEqual([0, 0, 0]);
    for (const partition of [0, 1, 2]) expect(await textsOf(log, POSITIONS, partition)).toHaveLength(1);
  });

  it.each([
    { are: 'written all the same when a commit fails in passing', failures: 4 },
    { are: 'given up when the log stays away', failures: 5 },
  ])('are $are', async ({ failures }) => {
    let left = failures;
    const flaky: Log = {
      ...log,
      writer: async (id) => {
        const writer = await log.writer(id);
        const commit: TransactionalWriter['commit'] = (records) =>
          left-- > 0 ? Promise.reject(new PulseError('log-unavailable', 'busy')) : writer.commit(records);
        return { id, commit, close: () => writer.close() };
      },
    };
    const ensured = ensurePositions(flaky, { ...first, sleep: () => Promise.resolve() });
    if (failures < 5) await ensured;
    else await expect(ensured).rejects.toMatchObject({ code: 'log-unavailable' });
    const offset = failures < 5 ? 0 : undefined;
    expect(await offsets()).toEqual([offset, offset, offset]);
  });

  it('are written by who was fenced, where whoever did it has written none in a second', async () => {
    const opened: number[] = [];
    let slept = 0;
    const fencedOnce: Log = {
      ...log,
      writer: async (id) => {
        opened.push(slept);
        const writer = await log.writer(id);
        if (opened.length === 1) await log.writer(id);
        return writer;
      },
    };
    await ensurePositions(fencedOnce, { ...first, sleep: async (ms) => void (slept += ms) });
    expect(opened).toEqual([0, 1000]);
    expect(await offsets()).toEqual([0, 0, 0]);
  });

  it('are written under an id of the namespace', () => {
    expect([genesisId(''), genesisId('demo')]).toEqual(['pulse-genesis', 'demo.pulse-genesis']);
  });
});

describe('positions', () => {
  it('are the latest of every key, without those that were removed', async () => {
    const at = { topic: POSITIONS, partition: 0 };
    await log.append([
      position(1),
      position(2),
      { ...at, key: 'source', value: '{"n":1}' },
      { ...at, key: 'gone', value: '1' },
    ]);
    await log.append([{ ...at, key: 'gone', value: null }, position(3, { count: 7 })]);
    expect([...(await readPositions(log, POSITIONS, 0))]).toEqual([
      ['test|test.input|0', { stage: 'test', topic: INPUT, partition: 0, offset: 3, carried: { count: 7 } }],
      ['source', { n: 1 }],
    ]);
  });

  it('that are no JSON halt, and say where they are', async () => {
    await log.append([position(1), { topic: POSITIONS, partition: 0, key: 'x', value: '{' }]);
    await expect(readPositions(log, POSITIONS, 0)).rejects.toMatchObject({
      code: 'log-corrupt',
      message: 'the position at test.positions[0] offset 1 is not JSON',
    });
  });

  it('of one stage and partition are told from all others', async () => {
    await log.append([position(1), position(7, {}, 1), { ...position(9), key: 'other|test.input|0' }]);
    expect((await readStagePosition(log, POSITIONS, 'test', { topic: INPUT, partition: 0 }))?.offset).toBe(1);
    expect(await readStagePosition(log, POSITIONS, 'test', { topic: 'x', partition: 0 })).toBeUndefined();
  });

  describe('of a stage that has come later, and writes where another does', () => {
    const later = { ...testStage(), name: 'later', input: 'test.later' };
    const ensureBoth = () => ensurePositions(log, { ...first, stages: [testStage(), later] });
    beforeEach(async () => {
      await log.topics.ensure([{ name: 'test.later', partitions: PARTITIONS, cleanup: { kind: 'purge' } }]);
      await ensure();
      await append(OUTPUT, 2, 1);
    });

    it('are where its input begins: what lies there may be of the other', async () => {
      await ensureBoth();
      const at = { topic: 'test.later', partition: 1 };
      expect(await readStagePosition(log, POSITIONS, 'later', at)).toMatchObject({ offset: 0 });
    });

    it('are refused where its input has held something', async () => {
      await append('test.later', 1, 3);
      await log.purge({ topic: 'test.later', partition: 1 }, 3);
      await expect(ensureBoth()).rejects.toMatchObject({
        code: 'position-missing',
        message: expect.stringMatching(/^test\.later\[1\] holds 3 records of the stage later/) as string,
      });
    });
  });
});
