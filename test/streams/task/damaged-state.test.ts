import { beforeEach, describe, expect, it } from 'vitest';
import { PulseError } from '../../../src/errors.ts';
import type { LocalLog } from '../../../src/streams/log/local/maintenance.ts';
import type { TaskSlot } from '../../../src/streams/task/task-slot.ts';
import { slotOn } from '../../support/slot-harness.ts';
import { OUTPUT, position, ScriptedSource, taskLog, testStage, textsOf } from '../../support/task-harness.ts';

let log: LocalLog;
let notices: string[];
let halts: unknown[];
let calls: string[];
beforeEach(async () => {
  log = await taskLog();
  await log.append([position(0)]);
  [notices, halts, calls] = [[], [], []];
});

/** A slot on a stage that can throw its state away like this, or not at all. */
const damagedSlot = (source: ScriptedSource, discard?: (partition: number) => Promise<void>): TaskSlot =>
  slotOn(source, {
    ...{ log, stage: { ...testStage({}, calls), ...(discard && { discard }) } },
    onNotice: (what) => notices.push(what),
    onHalt: (error) => halts.push(error),
  });

describe('a slot whose stage finds its state damaged', () => {
  const damage = (what = 'a row fails its checksum') => new PulseError('state-corrupt', what);

  it('throws the state away, says so once, and starts anew', async () => {
    const discarded: unknown[] = [];
    const source = new ScriptedSource({ offsets: [0] }, { after: 1e3, error: damage() }, { offsets: [1] });
    let done: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => (done = resolve));
    const slot = damagedSlot(
      source,
      async (partition) => void discarded.push(partition, calls.filter((call) => call === 'recover').length),
    );
    source.onEmpty(() => done());
    await finished;
    await slot.stop('commit');
    expect(discarded).toEqual([0, 1]);
    expect(notices).toEqual([
      'test|test.input|0 failed and has dropped its state and restores it from the log: a row fails its checksum',
    ]);
    expect(await textsOf(log, OUTPUT)).toEqual(['out 0', 'out 1']);
    expect(halts).toEqual([]);
  });

  it('throws it away as often as something has come of it in between, and hands up what has come of nothing', async () => {
    let times = 0;
    const source = new ScriptedSource(
      { error: damage() },
      { offsets: [0] },
      { after: 1e3, error: damage() },
      { error: damage('again') },
    );
    const slot = damagedSlot(source, async () => void times++);
    while (halts.length === 0) await new Promise(setImmediate);
    await slot.stop('commit');
    expect([times, halts]).toEqual([2, [damage('again')]]);
  });

  it('hands up that it can’t be thrown away, or that the stage has no way to', async () => {
    const full = new PulseError('disk-full', 'the disk is full');
    const slot = damagedSlot(new ScriptedSource({ error: damage() }), () => Promise.reject(full));
    while (halts.length === 0) await new Promise(setImmediate);
    await slot.stop('commit');
    const other = damagedSlot(new ScriptedSource({ error: damage() }));
    while (halts.length === 1) await new Promise(setImmediate);
    await other.stop('commit');
    expect([halts, notices]).toEqual([[full, damage()], []]);
  });
});
