import { SpaceSaving } from '../hot-keys/space-saving.ts';
import { labRecordsOf } from './bundle.ts';
import { calibrate } from './calibrate.ts';
import type { Clocks } from './clocks.ts';
import { forwardSalted } from './forward-salted.ts';
import { heaviestOf, SKETCH_KEYS } from './heaviest-of.ts';
import type { RecordRange } from './input.ts';
import type { LabSpec } from './lab-spec.ts';
import { LatencyHistogram } from './latency-histogram.ts';
import { ArenaReader, type LabRecord, type RecordArena } from './record-arena.ts';
import { reduceBlocks } from './reduce-blocks.ts';
import { SharedChunks } from './shared-chunks.ts';
import { writeBlock } from './shuffle-block.ts';
import type { Forwarded, ForwardStep, HomeStep, ReceivedStep, Step, StepDone, Worked } from './steps.ts';
import { WorkOfTasks } from './work-of-tasks.ts';

/** What a thread needs to know before the first step. */
export interface LabSetup {
  readonly spec: LabSpec;
  readonly arena: RecordArena;
}

/** The clock is read once for so many records. */
const RECORDS_A_READING = 16;
const CHUNK_BYTES = 4 << 20;

/** Does steps, one after the other: all that is measured as busy happens in here. */
export class StepRunner {
  readonly #spec: LabSpec;
  readonly #arena: ArenaReader;
  readonly #work: WorkOfTasks;
  readonly #clocks: Clocks;
  /** What was forwarded is worked on in the same wave; what is handed on, at the end of the run. */
  readonly #bundles = new SharedChunks(CHUNK_BYTES);
  readonly #blocks = new SharedChunks(CHUNK_BYTES);
  #wave = -1;

  constructor({ spec, arena }: LabSetup, clocks: Clocks) {
    this.#spec = spec;
    this.#arena = new ArenaReader(arena);
    this.#work = new WorkOfTasks(spec, arena.keys);
    this.#clocks = clocks;
  }

  run(step: Step): StepDone {
    const startedAt = this.#clocks.busy();
    const done = this.#do(step);
    return { ...done, busyMs: this.#clocks.busy() - startedAt };
  }

  #do(step: Step): Undated<StepDone> {
    switch (step.kind) {
      case 'forward':
        return this.#forward(step);
      case 'home':
        return this.#home(step);
      case 'received':
        return this.#received(step);
      case 'reduce':
        return { kind: 'reduced', ...reduceBlocks(this.#spec.workload, step) };
      case 'calibrate':
        return { kind: 'calibrated', costs: calibrate(this.#arena, this.#work, this.#bundles, this.#clocks) };
    }
  }

  #forward(step: ForwardStep): Undated<Forwarded> {
    if (step.wave !== this.#wave) this.#bundles.recycle();
    this.#wave = step.wave;
    return { kind: 'forwarded', ...forwardSalted(this.#arena, this.#bundles, step) };
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
    const startedAt = this.#clocks.busy();
    const received = step.bundles.map((bundle) => labRecordsOf(bundle, this.#arena));
    const receiveMs = this.#clocks.busy() - startedAt;
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
      latency.add(this.#clocks.now() - waveStartedAt, unread);
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
    return {
      kind: 'worked',
      block: writeBlock(rows, this.#spec.shufflePartitions, this.#blocks),
      latency: latency.buckets(),
    };
  }
}

/** Each of a union without what the clock says. */
type Undated<Each> = Each extends unknown ? Omit<Each, 'busyMs'> : never;
