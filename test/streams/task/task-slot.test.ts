import { beforeEach, describe, expect, it } from 'vitest';
import type { TransactionalWriter } from '../../../src/streams/log/log.ts';
import { PulseError } from '../../../src/errors.ts';
import type { LocalLog } from '../../../src/streams/log/local/maintenance.ts';
import type { TaskSlot, TaskSlotOptions } from '../../../src/streams/task/task-slot.ts';
import { slotOn } from '../../support/slot-harness.ts';
import {
  INPUT,
  OUTPUT,
  passing,
  position,
  ScriptedSource,
  taskLog,
  testStage,
  textsOf,
  TRANSACTIONAL_ID,
} from '../../support/task-harness.ts';

let log: LocalLog;
let slept: number[];
let notices: string[];
let halts: unknown[];
let calls: string[];
beforeEach(async () => {
  log = await taskLog();
  await log.append([position(0)]);
  [slept, notices, halts, calls] = [[], [], [], []];
});

const slotWith = (source: ScriptedSource, options: Partial<TaskSlotOptions> = {}): TaskSlot =>
  slotOn(source, {
    ...{ log, stage: testStage({}, calls) },
    sleep: async (ms) => void slept.push(ms),
    onNotice: (what) => notices.push(what),
    onHalt: (error) => halts.push(error),
    ...options,
  });

/** Resolves when the source's script is over and the slot has ended. */
const ended = async (slot: TaskSlot): Promise<void> => {
  while (calls.filter((call) => call === 'unsubscribed').length < 1) await new Promise(setImmediate);
  await slot.stop('commit');
};

const failing = (times: number, error: unknown = passing()) => Array.from({ length: times }, () => ({ error }));

describe('a slot', () => {
  it('runs a task, and says which', async () => {
    const source = new ScriptedSource({ offsets: [0] });
    const slot = slotWith(source);
    expect([slot.stage, slot.topic, slot.partition, slot.task.key]).toEqual(['test', INPUT, 0, 'test|test.input|0']);
    expect(slot.isInDoubt).toBe(false);
    source.isInDoubt = true;
    expect(slot.isInDoubt).toBe(true);
    await ended(slot);
    expect(await textsOf(log, OUTPUT)).toEqual(['out 0']);
    expect([slept, notices, halts]).toEqual([[], [], []]);
  });

  it('starts anew after an error that may pass, waiting longer each time up to ten seconds, and says why', async () => {
    const source = new ScriptedSource(...failing(7), ...failing(1, passing('otherwise')), { offsets: [0, 1] });
    let done: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => (done = resolve));
    const slot = slotWith(source);
    source.onEmpty(() => done());
    await finished;
    await slot.stop('commit');
    expect(slept).toEqual([200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000]);
    expect(source.seeks).toHaveLength(9);
    expect(notices).toEqual([
      'test|test.input|0 failed and starts anew in 200 ms: for a while',
      'test|test.input|0 failed and starts anew in 10000 ms: otherwise',
    ]);
    expect(await textsOf(log, OUTPUT)).toEqual(['out 0', 'out 1']);
    expect(halts).toEqual([]);
  });

  it('leaves whoever has the partition now alone, where it moved on while the task was down', async () => {
    const source = new ScriptedSource(...failing(1));
    let moved: (writer: TransactionalWriter) => void = () => undefined;
    const rightful = new Promise<TransactionalWriter>((resolve) => (moved = resolve));
    const slot = slotWith(source, {
      sleep: async () => {
        source.isOwned = () => Promise.resolve(false);
        moved(await log.writer(TRANSACTIONAL_ID));
      },
    });
    const writer = await rightful;
    for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
    await slot.stop('commit');
    expect(calls.filter((call) => call === 'recover')).toHaveLength(1);
    await writer.commit([]);
  });

  it('is as patient as at first with a task that had got somewhere', async () => {
    const source = new ScriptedSource(
      ...failing(3),
      { offsets: [0] },
      { after: 60, error: passing() },
      { offsets: [1] },
    );
    let done: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => (done = resolve));
    const slot = slotWith(source);
    source.onEmpty(() => done());
    await finished;
    await slot.stop('commit');
    expect(slept).toEqual([200, 400, 800, 200]);
    expect(await textsOf(log, OUTPUT)).toEqual(['out 0', 'out 1']);
  });

  it.each<[string, Error]>([
    ['that a person must act on', new PulseError('disk-full', 'the disk is full')],
    ['that nobody expected', new TypeError('undefined is not a function')],
  ])('hands up an error %s, once, and does not start anew', async (_, error) => {
    const slot = slotWith(new ScriptedSource({ error }, { offsets: [0] }));
    while (halts.length === 0) await new Promise(setImmediate);
    await slot.stop('commit');
    expect([halts, slept, notices]).toEqual([[error], [], []]);
    expect(await textsOf(log, OUTPUT)).toEqual([]);
  });

  it('hands up that its position is missing', async () => {
    log = await taskLog();
    const slot = slotWith(new ScriptedSource());
    while (halts.length === 0) await new Promise(setImmediate);
    await slot.stop('commit');
    expect(halts).toEqual([expect.objectContaining({ code: 'position-missing' })]);
  });

  it('stays closed where it was fenced and the group gave the partition to another, which is nothing to act on', async () => {
    const atStep = (step: string): void => void (step === 'outputs-ready' && log.writer(TRANSACTIONAL_ID));
    const source = new ScriptedSource({ offsets: [0] }, { after: 1e6, offsets: [1] });
    const slot = slotWith(source, { atStep });
    source.isOwned = (afresh) => Promise.resolve(afresh === undefined);
    while (notices.length === 0) await new Promise(setImmediate);
    await slot.stop('commit');
    expect(notices).toEqual(['test|test.input|0 has moved to another instance']);
    expect([halts, slept]).toEqual([[], []]);
    expect(await textsOf(log, OUTPUT)).toEqual([]);
  });

  it('starts anew where it was fenced by who has lost the partition, once the group says afresh that it is its own', async () => {
    let fencings = 0;
    const fencedOnce = (step: string): void =>
      void (step === 'outputs-ready' && fencings++ === 0 && log.writer(TRANSACTIONAL_ID));
    const source = new ScriptedSource(
      { offsets: [0] },
      { after: 1e6, offsets: [], nextOffset: 0 },
      { offsets: [0, 1] },
    );
    const asked: unknown[] = [];
    source.isOwned = (afresh) => {
      asked.push(afresh);
      return Promise.resolve(true);
    };
    const slot = slotWith(source, { atStep: fencedOnce });
    let done: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => (done = resolve));
    source.onEmpty(() => done());
    await finished;
    await slot.stop('commit');
    expect(asked).toEqual([undefined, undefined, 'afresh', undefined, undefined]);
    expect(notices).toEqual([expect.stringMatching(/failed and starts anew in 200 ms: .*fenced/)]);
    expect(await textsOf(log, OUTPUT)).toEqual(['out 0', 'out 1']);
  });

  it('ends when it is stopped while it waits for the group’s word', async () => {
    const source = new ScriptedSource({ offsets: [0] }, { after: 1e6, offsets: [1] });
    let asked = false;
    source.isOwned = (afresh) => {
      asked ||= afresh === 'afresh';
      return afresh === undefined ? Promise.resolve(true) : new Promise(() => undefined);
    };
    const atStep = (step: string): void => void (step === 'outputs-ready' && log.writer(TRANSACTIONAL_ID));
    const slot = slotWith(source, { atStep });
    while (!asked) await new Promise(setImmediate);
    await slot.stop('commit');
    expect(halts).toEqual([]);
  });

  it('gives up a task that hangs in a poll, and starts another from the committed position', async () => {
    const source = new ScriptedSource({ offsets: [0] }, { after: 60, offsets: [1] });
    const poll = source.poll.bind(source);
    let hangs = true;
    source.poll = async (waitMs) => {
      if (hangs && calls.includes('committed 1')) return new Promise(() => undefined);
      return poll(waitMs);
    };
    const slot = slotWith(source);
    while (!calls.includes('committed 1')) await new Promise(setImmediate);
    await new Promise(setImmediate);
    hangs = false;
    slot.restart('it hangs');
    let done: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => (done = resolve));
    source.onEmpty(() => done());
    await finished;
    await slot.stop('commit');
    expect(source.seeks).toEqual([0, 1]);
    expect(notices).toEqual(['test|test.input|0 failed and starts anew in 200 ms: it hangs']);
    expect(await textsOf(log, OUTPUT)).toEqual(['out 0', 'out 1']);
  });

  it('lets a task that hung in a commit touch its state no more', async () => {
    let acknowledge: () => void = () => undefined;
    const hanging = {
      ...log,
      writer: async (id: string): Promise<TransactionalWriter> => {
        const writer = await log.writer(id);
        if (calls.filter((call) => call === 'recover').length > 0) return writer;
        return {
          id,
          close: () => writer.close(),
          commit: async (...commit) => {
            const result = await writer.commit(...commit);
            await new Promise<void>((resolve) => (acknowledge = resolve));
            return result;
          },
        };
      },
    };
    const source = new ScriptedSource({ offsets: [0] }, { after: 60, offsets: [1] });
    const slot = slotWith(source, { log: hanging });
    while ((await textsOf(log, OUTPUT)).length === 0) await new Promise(setImmediate);
    slot.restart('it hangs');
    let done: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => (done = resolve));
    source.onEmpty(() => done());
    await finished;
    acknowledge();
    await slot.stop('commit');
    for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
    expect(source.seeks).toEqual([0, 1]);
    expect(calls.filter((call) => call.startsWith('committed'))).toEqual(['committed 2']);
    expect(await textsOf(log, OUTPUT)).toEqual(['out 0', 'out 1']);
  });

  it('that is stopped while it waits does not start anew', async () => {
    const source = new ScriptedSource(...failing(1), { offsets: [0] });
    let wake: () => void = () => undefined;
    const sleep: TaskSlotOptions['sleep'] = (_, signal) =>
      new Promise((resolve) => {
        wake = resolve;
        signal?.addEventListener('abort', () => resolve());
      });
    const slot = slotWith(source, { sleep });
    while (notices.length === 0) await new Promise(setImmediate);
    await slot.stop('commit');
    wake();
    expect(source.seeks).toHaveLength(1);
    expect(await textsOf(log, OUTPUT)).toEqual([]);
  });

  it('that is stopped resolves when its task has ended, and not before', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const stage = testStage({ committed: () => held }, calls);
    const slot = slotWith(new ScriptedSource({ offsets: [0] }), { stage });
    while (!calls.includes('committed 1')) await new Promise(setImmediate);
    let stopped = false;
    const stopping = slot.stop('abandon').then(() => (stopped = true));
    await new Promise(setImmediate);
    expect(stopped).toBe(false);
    release();
    await stopping;
  });
});
