import { map } from 'rxjs';
import { beforeEach, describe, expect, it } from 'vitest';
import type {
  CommitResult,
  GroupProgress,
  Log,
  OutputRecord,
  TransactionalWriter,
} from '../../../src/streams/log/log.ts';
import type { LocalLog } from '../../../src/streams/log/local/maintenance.ts';
import type { Stage } from '../../../src/streams/task/stage.ts';
import { type CommitStep, Task, type TaskOptions } from '../../../src/streams/task/task.ts';
import {
  INPUT,
  OUTPUT,
  position,
  positionOf,
  POSITIONS,
  ScriptedSource,
  type StageHooks,
  taskLog,
  testStage,
  textsOf,
  TRANSACTIONAL_ID,
} from '../../support/task-harness.ts';

let log: LocalLog;
/** What the task did, in order. */
let calls: string[];
beforeEach(async () => {
  log = await taskLog();
  await log.append([position(0)]);
  calls = [];
});

/** The log, with what is asked of its writer noted. */
const noted = (): Log => ({
  ...log,
  writer: async (id) => {
    calls.push('fence');
    const writer = await log.writer(id);
    return {
      id,
      commit: async (records: readonly OutputRecord[], progress?: GroupProgress): Promise<CommitResult> => {
        calls.push(`commit ${records.length}`);
        return writer.commit(records, progress);
      },
      close: async () => {
        calls.push('close');
        await writer.close();
      },
    };
  },
});

interface Setup extends Partial<TaskOptions> {
  readonly hooks?: StageHooks;
  readonly largestCommit?: number;
  /** How it is stopped at the script's end. */
  readonly ending?: 'commit' | 'abandon';
}

function taskOn(source: ScriptedSource, { hooks, largestCommit, ending = 'commit', ...options }: Setup = {}): Task {
  const task = new Task({
    ...{ log: noted(), source, transactionalId: TRANSACTIONAL_ID, group: 'test-group', positionsTopic: POSITIONS },
    ...{ clock: source.clock, policy: { intervalMs: 100, records: 1_000 } },
    stage: testStage(hooks, calls, largestCommit),
    ...options,
  });
  source.onEmpty(() => task.stop(ending));
  return task;
}

const commits = (): readonly string[] => calls.filter((call) => call.startsWith('commit '));

describe('a task', () => {
  it('fences, recovers, seeks to its position, processes, commits, and lets go', async () => {
    await log.append([position(7, { count: 3 })]);
    const source = new ScriptedSource({ offsets: [7, 8] });
    await taskOn(source).run();
    expect(calls).toEqual(['fence', 'recover', 'commit 3', 'committed 2', 'unsubscribed', 'close']);
    expect(source.seeks).toEqual([7]);
    expect(await textsOf(log, OUTPUT)).toEqual(['out 7', 'out 8']);
    expect(await positionOf(log)).toEqual({ offset: 9, carried: { count: 5 } });
  });

  it('commits outputs and position in one transaction, the position last, and tells how far the group is', async () => {
    const sent: OutputRecord[][] = [];
    const writer = await log.writer(TRANSACTIONAL_ID);
    const commit: TransactionalWriter['commit'] = (records, progress) => {
      sent.push([...records]);
      return writer.commit(records, progress);
    };
    const spying: Log = { ...log, writer: async () => ({ ...writer, commit }) };
    await taskOn(new ScriptedSource({ offsets: [0, 1] }), { log: spying }).run();
    expect(sent.map((records) => records.map(({ topic }) => topic))).toEqual([[OUTPUT, OUTPUT, POSITIONS]]);
    expect(await log.progress('test-group')).toEqual([{ group: 'test-group', topic: INPUT, partition: 0, offset: 2 }]);
  });

  it('writes its position again where recovery asks for it, and takes up its work where that says it is', async () => {
    await log.append([position(7, { count: 3 })]);
    const source = new ScriptedSource({ offsets: [8, 9] });
    await taskOn(source, { hooks: { recover: () => Promise.resolve(9) } }).run();
    expect([calls.slice(0, 3), source.seeks]).toEqual([['fence', 'recover', 'commit 1'], [9]]);
    expect((await textsOf(log, POSITIONS))[2]).toMatch(/"offset":9,.*"count":3/);
  });

  it('halts where its position is missing, before anything is recovered', async () => {
    log = await taskLog();
    const source = new ScriptedSource({ offsets: [0] });
    await expect(taskOn(source).run()).rejects.toMatchObject({
      code: 'position-missing',
      message: expect.stringContaining('test|test.input|0') as string,
    });
    expect(calls).toEqual(['fence', 'close']);
    expect(source.seeks).toEqual([]);
  });

  it.each([
    '{"offset":-1,"carried":{}}',
    '{"offset":1.5,"carried":{}}',
    '{"offset":"1"}',
    '{"offset":1}',
    'null',
    '7',
    '{',
  ])('halts where its position is %s', async (value) => {
    await log.append([{ ...position(0), value }]);
    await expect(taskOn(new ScriptedSource()).run()).rejects.toMatchObject({ code: 'log-corrupt' });
  });

  it('ignores records below its own offset, and does not go back for them', async () => {
    await log.append([position(5)]);
    await taskOn(new ScriptedSource({ offsets: [3, 4, 5] }, { offsets: [4] }, { offsets: [5, 6] })).run();
    expect(await textsOf(log, OUTPUT)).toEqual(['out 5', 'out 6']);
    expect(await positionOf(log)).toEqual({ offset: 7, carried: { count: 2 } });
  });

  it('moves its position over offsets without records', async () => {
    await taskOn(new ScriptedSource({ offsets: [], nextOffset: 40 }, { offsets: [40], nextOffset: 50 })).run();
    expect(await positionOf(log)).toEqual({ offset: 50, carried: { count: 1 } });
  });
});

describe('a task commits', () => {
  const batch = (from: number, count: number, after = 0) => ({
    after,
    offsets: Array.from({ length: count }, (_, i) => from + i),
  });

  it('at so many records, but never in the middle of a batch', async () => {
    const source = new ScriptedSource(batch(0, 10), batch(10, 2), batch(12, 2), batch(14, 1));
    await taskOn(source, { policy: { intervalMs: 100, records: 3 } }).run();
    expect(commits()).toEqual(['commit 11', 'commit 5', 'commit 2']);
  });

  it('at fewer, where the stage takes no more at a time', async () => {
    await taskOn(new ScriptedSource(batch(0, 2), batch(2, 2), batch(4, 1)), { largestCommit: 4 }).run();
    expect(commits()).toEqual(['commit 5', 'commit 2']);
  });

  it('at fewer, where outputs that came at once are large', async () => {
    const large = Buffer.alloc(17 << 20);
    const stage = testStage({}, calls);
    const atOnce: Stage = {
      ...stage,
      open: (partition) => ({
        ...stage.open(partition),
        operators: () => map(() => ({ topic: OUTPUT, partition, key: null, value: large })),
      }),
    };
    await taskOn(new ScriptedSource(batch(0, 1), batch(1, 1), batch(2, 1)), { stage: atOnce }).run();
    expect(commits()).toEqual(['commit 3', 'commit 2']);
  });

  it('so long after the first record that is not committed, while records keep coming', async () => {
    const source = new ScriptedSource(...Array.from({ length: 12 }, (_, i) => batch(i, 1, 20)));
    const at: number[] = [];
    const atStep = (step: CommitStep): void => void (step === 'outputs-ready' && at.push(source.clock.now()));
    await taskOn(source, { atStep }).run();
    // The first record comes at 20, so that 120 is due; the next one that waits comes at 140.
    expect(at).toEqual([120, 240]);
    expect(commits()).toEqual(['commit 7', 'commit 7']);
  });

  it('as soon as nothing came for a quarter of the interval', async () => {
    const source = new ScriptedSource(batch(0, 1, 500), batch(1, 1, 24), batch(2, 1, 26));
    const at: number[] = [];
    const atStep = (step: CommitStep): void => void (step === 'outputs-ready' && at.push(source.clock.now()));
    await taskOn(source, { atStep }).run();
    expect(at).toEqual([549, 575]);
    expect(commits()).toEqual(['commit 3', 'commit 2']);
  });

  it('nothing where there is nothing, however long it waits', async () => {
    await taskOn(new ScriptedSource({ after: 60_000, offsets: [], nextOffset: 0 })).run();
    expect(calls).toEqual(['fence', 'recover', 'unsubscribed', 'close']);
  });

  it('what it has when it is stopped so, and does not when it is to abandon it', async () => {
    for (const [ending, wanted] of [
      ['abandon', []],
      ['commit', ['out 0', 'out 1']],
    ] as const) {
      const task = taskOn(new ScriptedSource({ offsets: [0, 1] }), {
        ending,
        policy: { intervalMs: 1e9, records: 1e9 },
      });
      await task.run();
      expect(await textsOf(log, OUTPUT)).toEqual(wanted);
    }
  });

  it('nothing where it is stopped before it runs', async () => {
    const source = new ScriptedSource({ offsets: [0] });
    const task = taskOn(source);
    task.stop('commit');
    await task.run();
    expect([commits(), source.waits]).toEqual([[], []]);
  });

  it('as it was told first: later orders do not count', async () => {
    const source = new ScriptedSource({ offsets: [0] });
    const task = taskOn(source, { policy: { intervalMs: 1e9, records: 1e9 } });
    source.onEmpty(() => {
      task.stop('abandon');
      task.stop('commit');
    });
    await task.run();
    expect(await textsOf(log, OUTPUT)).toEqual([]);
  });
});

describe('a task ends with the error', () => {
  const failure = new Error('it failed');

  const fail = (): never => {
    throw failure;
  };
  it.each<[string, StageHooks, number]>([
    ['that its operators throw at a record', { process: ({ offset }) => offset === 1 && fail() }, 1],
    ['that its operators throw at a commit', { emit: fail }, 2],
    ['that its recovery rejects with', { recover: () => Promise.reject(failure) }, 0],
  ])('%s, at once, and commits nothing', async (_, hooks, polls) => {
    const source = new ScriptedSource({ offsets: [0, 1] }, { offsets: [2, 3, 4] }, { offsets: [5] });
    const task = taskOn(source, { hooks, policy: { intervalMs: 100, records: 5 } });
    await expect(task.run()).rejects.toBe(failure);
    expect(source.waits).toHaveLength(polls);
    expect(commits()).toEqual([]);
    expect(calls.at(-1)).toBe('close');
    expect(await textsOf(log, OUTPUT)).toEqual([]);
  });

  it('that the source rejects with', async () => {
    const source = new ScriptedSource({ offsets: [0] }, { error: failure });
    await expect(taskOn(source).run()).rejects.toBe(failure);
    expect([commits(), calls.at(-1)]).toEqual([[], 'close']);
  });

  it('that its state rejects with, after the log has taken the outputs', async () => {
    const task = taskOn(new ScriptedSource({ offsets: [0] }), { hooks: { committed: () => Promise.reject(failure) } });
    await expect(task.run()).rejects.toBe(failure);
    expect(task.committed).toBe(0);
    expect(await positionOf(log)).toEqual({ offset: 1, carried: { count: 1 } });
  });

  it('of a position below the start of the log', async () => {
    await log.append(Array.from({ length: 5 }, (_, i) => ({ topic: INPUT, partition: 0, key: null, value: `${i}` })));
    await log.purge({ topic: INPUT, partition: 0 }, 3);
    const ran = new Promise<unknown>((_, reject) => {
      void log.join('test-group', [INPUT], {
        assigned: (source) => void taskOn(new ScriptedSource(), { source }).run().catch(reject),
        revoked: async () => undefined,
      });
    });
    await expect(ran).rejects.toMatchObject({ code: 'offset-out-of-range' });
    expect(await textsOf(log, OUTPUT)).toEqual([]);
  });

  it('of a writer that another has fenced, and appends nothing', async () => {
    const atStep = (step: CommitStep): void => void (step === 'outputs-ready' && log.writer(TRANSACTIONAL_ID));
    await expect(taskOn(new ScriptedSource({ offsets: [0] }), { atStep }).run()).rejects.toMatchObject({
      code: 'fenced',
    });
    expect(await textsOf(log, OUTPUT)).toEqual([]);
    expect(await positionOf(log)).toMatchObject({ offset: 0 });
  });
});

describe('a crash of a task', () => {
  const crash = (at: CommitStep) => (step: CommitStep) => {
    if (step === at) throw new Error('the process died');
  };

  it.each<[CommitStep, readonly string[], number, readonly string[]]>([
    ['outputs-ready', [], 0, []],
    ['log-committed', ['out 0', 'out 1'], 2, []],
    ['state-committed', ['out 0', 'out 1'], 2, ['committed 2']],
  ])('at %s leaves %j and the position %d', async (step, outputs, offset, committed) => {
    await expect(taskOn(new ScriptedSource({ offsets: [0, 1] }), { atStep: crash(step) }).run()).rejects.toThrow(
      'died',
    );
    expect(await textsOf(log, OUTPUT)).toEqual(outputs);
    expect(await positionOf(log)).toMatchObject({ offset });
    expect(calls.filter((call) => call.startsWith('committed'))).toEqual(committed);
  });

  it.each<CommitStep>(['outputs-ready', 'log-committed', 'state-committed'])(
    'at %s is made good by the next: every record counts once',
    async (step) => {
      await taskOn(new ScriptedSource({ offsets: [0, 1] }), { atStep: crash(step) })
        .run()
        .catch(() => undefined);
      await taskOn(new ScriptedSource({ offsets: [0, 1, 2] })).run();
      expect(await textsOf(log, OUTPUT)).toEqual(['out 0', 'out 1', 'out 2']);
      expect(await positionOf(log)).toEqual({ offset: 3, carried: { count: 3 } });
    },
  );
});

it('the figures of a task say what it has done and what is left', async () => {
  const source = new ScriptedSource({ offsets: [0, 1, 2], end: 10 }, { after: 30, offsets: [3], end: 12 });
  const hooks: StageHooks = {
    process: () => void (source.clock.frame += 4),
    committed: async () => void (source.clock.frame += 7),
  };
  const task = taskOn(source, { hooks });
  expect([task.key, task.committed, task.figures]).toEqual([
    'test|test.input|0',
    0,
    { records: 0, workMs: 0, busyMs: 0, lag: 0, commitMs: 0 },
  ]);
  await task.run();
  expect(task.committed).toBe(4);
  expect(task.figures).toEqual({ records: 4, workMs: 4 * 4, busyMs: 4 * 4 + 2 * 7, lag: 8, commitMs: 7 });
});
