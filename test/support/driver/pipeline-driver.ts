import type { StateEnvironment } from '../../../src/state/environment.ts';
import { openMemoryState } from '../../../src/state/memory/memory-environment.ts';
import { features, moverFeatures } from '../../../src/streams/4-gold/features.ts';
import type { GoldSpec } from '../../../src/streams/4-gold/roll-windows.ts';
import type { SaltedKey } from '../../../src/streams/hot-keys/balance.ts';
import { HotKeys } from '../../../src/streams/hot-keys/hot-keys.ts';
import { sleepOn } from '../../../src/streams/clock/sleep.ts';
import { encodeSilver, hourKey } from '../../../src/streams/3-silver/hour-json.ts';
import type { Log, OutputRecord } from '../../../src/streams/log/log.ts';
import { createPartitioner } from '../../../src/streams/log/partitioner.ts';
import { freezeInput } from '../../../src/streams/replay/freeze-input.ts';
import type { FrozenInput } from '../../../src/streams/replay/frozen-input.ts';
import { History } from '../../../src/streams/replay/history.ts';
import { replayLog } from '../../../src/streams/replay/replay-log.ts';
import type { Promotion } from '../../../src/streams/stages/rebuilt-hours.ts';
import type { LocalLog } from '../../../src/streams/log/local/maintenance.ts';
import { createMemoryLog } from '../../../src/streams/log/memory/memory-log.ts';
import { MemoryStore } from '../../../src/streams/log/memory/memory-store.ts';
import { createRowFormat } from '../../../src/streams/rows/create-row-format.ts';
import type { RowFormat } from '../../../src/streams/rows/row-format.ts';
import type { RowTable } from '../../../src/streams/rows/row-table.ts';
import type { SchemaRegistry } from '../../../src/streams/rows/schema-registry.ts';
import { combineHotStage } from '../../../src/streams/stages/combine-hot-stage.ts';
import { combineStage } from '../../../src/streams/stages/combine-stage.ts';
import { maintainStage } from '../../../src/streams/stages/maintain-stage.ts';
import { runStages } from '../../../src/streams/task/run-stages.ts';
import type { CommitStep } from '../../../src/streams/task/task.ts';
import { type TopicNames, topicNames, topicSpecs } from '../../../src/streams/topics.ts';
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
  | { readonly kind: 'compact' }
  /** From here on the process replays what has come in so far, in a namespace of its own. */
  | { readonly kind: 'replay' }
  /** The rebuilt tables are to take the live ones' place: from here on the process is the live one again. */
  | { readonly kind: 'promote' }
  /** Rows that nobody computed lie in Silver's topic, and so in the state that is made of it. */
  | { readonly kind: 'spoil'; readonly rows: readonly SpoiltRow[] };

/** What Silver says instead, or of an hour that is none. */
export interface SpoiltRow {
  readonly coinId: string;
  readonly price: number;
  readonly ts: number;
}

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

interface RunOptions {
  readonly crash?: { readonly step: CommitStep; readonly nth: number };
  /** Stage 1 alone. */
  readonly only?: 'combine';
}

const REPLAY = 'replay';
const liveNames = topicNames('');
const replayNames = { ...topicNames(REPLAY), markets: liveNames.markets };

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
  /** What is replayed, while the process does. */
  #input: FrozenInput | undefined;
  #promotion: Pick<Promotion, 'id' | 'positions'> | undefined;

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
        return this.#run({ crash: item });
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
      case 'replay':
        return this.#replay();
      case 'promote':
        return this.#promote();
      case 'spoil':
        await this.#log.append(item.rows.map((row) => this.#toPrices(row)));
        return this.#playItem({ kind: 'lose-state' });
    }
  }

  async #run({ crash, only }: RunOptions = {}): Promise<void> {
    const { partitions, commitRecords, graceMs, gold, openState } = this.#options;
    const names = this.#names;
    const log = await this.#logToWorkOn();
    const promotion = this.#promotion && {
      ...this.#promotion,
      ...{ log, names: replayNames, rows: this.#rowFormat() },
    };
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
      ...{
        log,
        namespace: this.#input === undefined ? '' : REPLAY,
        names,
        partitions,
        clock: this.#clock,
        onNotice: () => undefined,
      },
      policy: { intervalMs: 50, records: commitRecords },
      stages: [
        combineStage(combining, hotKeys),
        combineHotStage(combining),
        ...(only === 'combine'
          ? []
          : [
              maintainStage({ log, names, state, rows, spec: { graceMs }, gold, promotion, onNotice: () => undefined }),
            ]),
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
    await this.#log.close();
    this.#log = this.#openLog();
  }

  async #replay(): Promise<void> {
    const { partitions } = this.#options;
    await this.#log.topics.ensure(topicSpecs(REPLAY, partitions));
    const of = { live: this.#log, of: '', topic: liveNames.markets, source: 'topic' } as const;
    this.#input = await freezeInput({ ...of, partitions, bronze: undefined, startedAt: '' });
    this.#state = undefined;
  }

  /** Stage 1 takes in what there is, the replay processes the same, and stage 2 stays where it is. */
  async #promote(): Promise<void> {
    this.#input = undefined;
    this.#state = undefined;
    await this.#run({ only: 'combine' });
    const bounds = Array.from({ length: this.#options.partitions }, (_, partition) =>
      this.#log.bounds({ topic: liveNames.partials, partition }),
    );
    const positions = (await Promise.all(bounds)).map(({ end }) => end);
    await this.#replay();
    await this.#run();
    this.#input = undefined;
    this.#state = undefined;
    this.#promotion = { id: 'first', positions };
  }

  get #names(): TopicNames {
    return this.#input === undefined ? liveNames : replayNames;
  }

  async #logToWorkOn(): Promise<Log> {
    if (this.#input === undefined) return this.#log;
    const openBronze = () => Promise.resolve(undefined);
    const history = await History.open({ live: this.#log, input: this.#input, openBronze });
    return replayLog(this.#log, this.#log, history, this.#clock);
  }

  #toPrices({ coinId, price, ts }: SpoiltRow): OutputRecord {
    const at = { openEventTs: ts, openObservedAt: ts, closeEventTs: ts, closeObservedAt: ts, observedAt: ts };
    const row = {
      ts,
      price,
      open: price,
      high: price,
      low: price,
      marketCap: null,
      volume: null,
      observations: 1,
      ...at,
    };
    const partition = createPartitioner(this.#options.partitions)(coinId);
    return { topic: liveNames.prices, partition, key: hourKey(coinId, ts), value: encodeSilver(coinId, row, false) };
  }

  #rowFormat(): RowFormat {
    const names = this.#names;
    return createRowFormat({ names, gold: this.#options.gold, registry: this.#registry, now: () => this.#clock.now() });
  }

  #openLog(): LocalLog {
    return createMemoryLog({ store: this.#store, time: this.#clock, batchBytes: this.#options.batchBytes });
  }

  #toMarkets({ partition, ...record }: DriverRecord): OutputRecord {
    return { topic: liveNames.markets, partition: partition % this.#options.partitions, ...record };
  }

  async #tables(): Promise<DriverTables> {
    const { partitions } = this.#options;
    const names = this.#names;
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
