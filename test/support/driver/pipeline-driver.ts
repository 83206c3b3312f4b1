import type { StateEnvironment } from '../../../src/state/environment.ts';
import { openMemoryState } from '../../../src/state/memory/memory-environment.ts';
import { features, moverFeatures } from '../../../src/streams/4-gold/features.ts';
import type { GoldSpec } from '../../../src/streams/4-gold/roll-windows.ts';
import type { SaltedKey } from '../../../src/streams/hot-keys/balance.ts';
import { HotKeys } from '../../../src/streams/hot-keys/hot-keys.ts';
import { sleepOn } from '../../../src/streams/clock/sleep.ts';
import type { OutputRecord } from '../../../src/streams/log/log.ts';
import type { LocalLog } from '../../../src/streams/log/local/maintenance.ts';
import { createMemoryLog } from '../../../src/streams/log/memory/memory-log.ts';
import { MemoryStore } from '../../../src/streams/log/memory/memory-store.ts';
import { createRowFormat } from '../../../src/streams/rows/create-row-format.ts';
import type { RowFormat, RowTable } from '../../../src/streams/rows/row-format.ts';
import type { SchemaRegistry } from '../../../src/streams/rows/schema-registry.ts';
import { combineHotStage } from '../../../src/streams/stages/combine-hot-stage.ts';
import { combineStage } from '../../../src/streams/stages/combine-stage.ts';
import { maintainStage } from '../../../src/streams/stages/maintain-stage.ts';
import { runStages } from '../../../src/streams/task/run-stages.ts';
import type { CommitStep } from '../../../src/streams/task/task.ts';
import { topicNames, topicSpecs } from '../../../src/streams/topics.ts';
import { HastyClock } from './hasty-clock.ts';
import { type LatestRows, latestRows } from './latest-rows.ts';

/** A record for `coingecko.markets`, with the partition it is to travel through: any will do. */
export interface DriverRecord {
  readonly partition: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What happens to the pipeline, one after the other. */
export type DriverItem =
  | { readonly kind: 'records'; readonly records: readonly DriverRecord[] }
  /** Runs until everything is processed, then stops in good order. */
  | { readonly kind: 'run' }
  /** Runs, and dies at the n-th time that any task reaches the step. Nothing of the process survives but log and state. */
  | { readonly kind: 'crash'; readonly step: CommitStep; readonly nth: number }
  | { readonly kind: 'lose-state' }
  /** From here on the process knows other features, or another grace. */
  | { readonly kind: 'redeclare'; readonly gold?: GoldSpec; readonly graceMs?: number }
  /** From here on the process knows a schema registry. */
  | { readonly kind: 'registry'; readonly registry: SchemaRegistry }
  | { readonly kind: 'compact' };

export interface DriverOptions {
  readonly partitions?: number;
  /** About how many bytes a batch of the log holds: where batches are split. */
  readonly batchBytes?: number;
  /** A commit after so many records. */
  readonly commitRecords?: number;
  readonly gold?: GoldSpec;
  readonly graceMs?: number;
  /** What is salted: another of these from each commit of any task on, over and over. */
  readonly saltings?: readonly (readonly SaltedKey[])[];
  readonly openState?: () => Promise<StateEnvironment>;
}

/** The tables that a script leaves behind, and what was counted on the way. */
export interface DriverTables {
  readonly prices: LatestRows;
  readonly features: LatestRows;
  readonly movers: LatestRows;
  readonly deadLetters: number;
  readonly counts: {
    readonly records: number;
    readonly ticks: number;
    readonly noQuote: number;
    readonly dead: number;
    readonly forwarded: number;
    /** Of what was forwarded, what has come out of bundles. */
    readonly unbundled: number;
  };
}

const names = topicNames('');

/**
 * The whole pipeline in memory, on virtual time: stages, tasks, commits and recovery are the real ones, on the in-memory
 * log. A script says what comes in and when the process dies. Nothing outside Node is needed.
 */
export class PipelineDriver {
  #options: Required<DriverOptions>;
  readonly #clock = new HastyClock();
  readonly #store = new MemoryStore();
  #log: LocalLog;
  #registry: SchemaRegistry | undefined;
  #state: StateEnvironment | undefined;
  #salting = 0;

  constructor(options: DriverOptions = {}) {
    this.#options = {
      partitions: 4,
      batchBytes: 1 << 19,
      commitRecords: 1_000,
      gold: { features, movers: moverFeatures },
      graceMs: 600_000,
      saltings: [],
      openState: () => Promise.resolve(openMemoryState()),
      ...options,
    };
    this.#log = this.#openLog();
  }

  get log(): LocalLog {
    return this.#log;
  }

  /** Plays the items, then runs until everything is processed; the tables as they are then. */
  async play(items: readonly DriverItem[]): Promise<DriverTables> {
    await this.#log.topics.ensure(topicSpecs('', this.#options.partitions));
    for (const item of [...items, { kind: 'run' } as const]) await this.#playItem(item);
    return this.#tables();
  }

  async #playItem(item: DriverItem): Promise<void> {
    switch (item.kind) {
      case 'records':
        await this.#log.append(item.records.map((record) => this.#toMarkets(record)));
        return;
      case 'run':
        return this.#run();
      case 'crash':
        return this.#run(item);
      case 'lose-state':
        await this.#state?.close();
        this.#state = undefined;
        return;
      case 'redeclare': {
        const { gold = this.#options.gold, graceMs = this.#options.graceMs } = item;
        this.#options = { ...this.#options, gold, graceMs };
        return;
      }
      case 'registry':
        this.#registry = item.registry;
        return;
      case 'compact':
        return this.#log.compact();
    }
  }

  async #run(crash?: { readonly step: CommitStep; readonly nth: number }): Promise<void> {
    const { partitions, commitRecords, graceMs, gold, openState } = this.#options;
    const log = this.#log;
    const rows = this.#rowFormat();
    const state = (this.#state ??= await openState());
    let halted: { readonly error: unknown } | undefined;
    let reached = 0;
    const dead = new Error('the process died');
    const combining = { names, partitions, futureToleranceMs: 300_000 };
    const hotKeys = new HotKeys(() => this.#clock.now());
    const resalt = (): void => {
      if (this.#options.saltings.length > 0)
        hotKeys.salt(this.#options.saltings[this.#salting++ % this.#options.saltings.length] ?? []);
    };
    resalt();
    const stages = await runStages({
      ...{ log, namespace: '', names, partitions, clock: this.#clock, onNotice: () => undefined },
      policy: { intervalMs: 50, records: commitRecords },
      stages: [
        combineStage(combining, hotKeys),
        combineHotStage(combining),
        maintainStage({ log, names, state, rows, spec: { graceMs }, gold, onNotice: () => undefined }),
      ],
      onHalt: (error) => (halted ??= { error }),
      atStep(step) {
        if (step === 'outputs-ready') resalt();
        // A dead process reaches no further step in any of its tasks.
        if (halted !== undefined) throw dead;
        if (crash !== undefined && step === crash.step && ++reached === crash.nth) {
          halted = { error: dead };
          throw dead;
        }
      },
    });
    const sleep = sleepOn(this.#clock);
    while (halted === undefined && !(await stages.caughtUp())) await sleep(5);
    await stages.stop(halted === undefined ? 'commit' : 'abandon');
    if (halted === undefined) return;
    if (halted.error !== dead) throw halted.error;
    await log.close();
    this.#log = this.#openLog();
  }

  #rowFormat(): RowFormat {
    return createRowFormat({ names, gold: this.#options.gold, registry: this.#registry, now: () => this.#clock.now() });
  }

  #openLog(): LocalLog {
    return createMemoryLog({ store: this.#store, time: this.#clock, batchBytes: this.#options.batchBytes });
  }

  #toMarkets({ partition, ...record }: DriverRecord): OutputRecord {
    return { topic: names.markets, partition: partition % this.#options.partitions, ...record };
  }

  async #tables(): Promise<DriverTables> {
    const { partitions } = this.#options;
    const rows = (topic: string): Promise<LatestRows> => latestRows(this.#log, topic, partitions);
    const reader = this.#rowFormat();
    const table = (of: RowTable) => latestRows(this.#log, names[of], partitions, [of, reader]);
    const counts = { records: 0, ticks: 0, noQuote: 0, dead: 0, forwarded: 0, unbundled: 0 };
    for (const [key, value] of await rows(names.positions)) {
      if (!key.startsWith('combine')) continue;
      const { carried } = JSON.parse(value) as { carried: Record<string, number> };
      if (key.startsWith('combine|')) counts.records += carried.records ?? 0;
      else counts.unbundled += carried.records ?? 0;
      counts.forwarded += carried.forwarded ?? 0;
      counts.ticks += carried.ticks ?? 0;
      counts.noQuote += carried.no_quote ?? 0;
      counts.dead += carried.dead_letters ?? 0;
    }
    let deadLetters = 0;
    for (let partition = 0; partition < partitions; partition++)
      deadLetters += (await this.#log.bounds({ topic: names.deadLetters, partition })).end;
    return {
      prices: await table('prices'),
      features: await table('features'),
      movers: await table('movers'),
      deadLetters,
      counts,
    };
  }
}
