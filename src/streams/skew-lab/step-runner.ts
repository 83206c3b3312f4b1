import { SpaceSaving } from '../hot-keys/space-saving.ts';
import { readBundle } from './bundle.ts';
import { calibrate } from './calibrate.ts';
import { forwardSalted } from './forward-salted.ts';
import { heaviestOf, SKETCH_KEYS } from './heaviest-of.ts';
import type { RecordRange } from './input.ts';
import type { LabSpec } from './lab-spec.ts';
import { LatencyHistogram } from './latency-histogram.ts';
import { ArenaReader, type LabRecord, type RecordArena } from './record-arena.ts';
import { reduceBlocks } from './reduce-blocks.ts';
import { writeBlock } from './shuffle-block.ts';
import type { HomeStep, ReceivedStep, Step, StepDone, Worked } from './steps.ts';
import { WorkOfTasks } from './work-of-tasks.ts';

/** What a thread needs to know before the first step. */
export interface LabSetup {
  readonly spec: LabSpec;
  readonly arena: RecordArena;
}

/** A clock in milliseconds with fractions, which is the same for all threads. */
export type Clock = () => number;

/** The clock is read once for so many records. */
const RECORDS_A_READING = 16;

/** Does steps, one after the other: all that is measured as busy happens in here. */
export class StepRunner {
  readonly #spec: LabSpec;
  readonly #arena: ArenaReader;
  readonly #work: WorkOfTasks;
  readonly #clock: Clock;

  constructor({ spec, arena }: LabSetup, clock: Clock) {
    this.#spec = spec;
    this.#arena = new ArenaReader(arena);
    this.#work = new WorkOfTasks(spec, arena.keys);
    this.#clock = clock;
  }

  run(step: Step): StepDone {
    const startedAt = this.#clock();
    const done = this.#do(step);
    return { ...done, busyMs: this.#clock() - startedAt };
  }

  #do(step: Step): Undated<StepDone> {
    switch (step.kind) {
      case 'forward':
        return { kind: 'forwarded', ...forwardSalted(this.#arena, step) };
      case 'home':
        return this.#home(step);
      case 'received':
        return this.#received(step);
      case 'reduce':
        return { kind: 'reduced', ...reduceBlocks(this.#spec.workload, step) };
      case 'calibrate':
        return { kind: 'calibrated', costs: calibrate(this.#arena, this.#work, this.#clock) };
    }
  }

  #home(step: HomeStep): Undated<Worked> {
    const sketch = step.isWatched ? new SpaceSaving(SKETCH_KEYS) : undefined;
    const latency = new LatencyHistogram();
    const records = this.#workOn(step, this.#recordsOf(step.records), latency, (record) =>
      sketch?.add(this.#arena.keys[record.keyNumber] ?? ''),
    );
    return {
      ...this.#commit(step, latency),
      records,
      receiveMs: 0,
      heaviest: sketch === undefined ? [] : heaviestOf(sketch),
    };
  }

  #received(step: ReceivedStep): Undated<Worked> {
    const startedAt = this.#clock();
    const received = step.bundles.map(readBundle);
    const receiveMs = this.#clock() - startedAt;
    const latency = new LatencyHistogram();
    const records = received.reduce((sum, each) => sum + this.#workOn(step, each, latency), 0);
    return { ...this.#commit(step, latency), records, receiveMs, heaviest: [] };
  }

  *#recordsOf({ numbers, from, to }: RecordRange): Iterable<LabRecord> {
    const order = new Uint32Array(numbers);
    for (let at = from; at < to; at++) yield this.#arena.record(order[at] ?? 0);
  }

  #workOn(
    { task, plan, waveStartedAt }: HomeStep | ReceivedStep,
    records: Iterable<LabRecord>,
    latency: LatencyHistogram,
    see: (record: LabRecord) => void = () => undefined,
  ): number {
    const work = this.#work.of(task, plan);
    let [count, unread] = [0, 0];
    const read = (): void => {
      latency.add(this.#clock() - waveStartedAt, unread);
      unread = 0;
    };
    for (const record of records) {
      see(record);
      work.add(record);
      this.#work.extra.add(record);
      count++;
      if (++unread === RECORDS_A_READING) read();
    }
    if (unread > 0) read();
    return count;
  }

  #commit(
    { task, plan }: HomeStep | ReceivedStep,
    latency: LatencyHistogram,
  ): Pick<Worked, 'kind' | 'block' | 'latency'> {
    const rows = { work: this.#work.of(task, plan).commit(), extra: this.#work.extra.commit() };
    return { kind: 'worked', block: writeBlock(rows, this.#spec.shufflePartitions), latency: latency.buckets() };
  }
}

/** Each of a union without what the clock says. */
type Undated<Each> = Each extends unknown ? Omit<Each, 'busyMs'> : never;
