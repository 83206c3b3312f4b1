import type { ViewKey, ViewStore, ViewTable } from '../../../state/view-store.ts';
import type { RecordBatch } from '../../../streams/log/log.ts';
import type { Closes, Column, History, HistoryRow, MarketRow } from '../../contract.ts';
import type { Applied } from './applied.ts';
import { ChangeSet } from './change-set.ts';
import { HistoryReader } from './history.ts';
import { MarketBoard } from './market-board.ts';
import { noteChange } from './note-change.ts';
import { projectLatest } from './project-latest.ts';
import type { Projected, Projection } from './projections.ts';
import type { FeatureHour, Mover, PriceRow, TaskReport } from './rows.ts';
import { TaskChanges } from './task-changes.ts';
import { TaskBoard } from './task-board.ts';

/** Of the view's tables and keys; a view of another format is rebuilt from the log. */
export const VIEW_FORMAT = 1;

/** The materialised view: topics' records in, rows out, and what has changed since somebody last took the changes. */
export class MarketView {
  readonly tasks = new TaskBoard();
  readonly taskChanges: TaskChanges;
  readonly positions: ViewTable<{ readonly position: unknown }>;
  readonly prices: ViewTable<PriceRow>;
  readonly features: ViewTable<FeatureHour>;
  readonly movers: ViewTable<Mover>;
  readonly #tasks: ViewTable<TaskReport>;
  readonly #counts: ViewTable<{ readonly count: number }>;
  /** The id of each topic that was read. */
  readonly #topics: ViewTable<string>;
  readonly #store: ViewStore;
  readonly #board: MarketBoard;
  readonly #history: HistoryReader;
  #changes = new ChangeSet();

  constructor(store: ViewStore, columns: readonly Column[]) {
    this.#store = store;
    this.positions = store.table('positions');
    this.prices = store.table('prices');
    this.features = store.table('features');
    this.movers = store.table('movers');
    this.#tasks = store.table('tasks');
    this.#counts = store.table('counts');
    this.#topics = store.table('topics');
    this.taskChanges = new TaskChanges(store);
    this.#board = new MarketBoard(this, columns);
    this.#history = new HistoryReader(this, columns);
    this.#load();
  }

  coins(): Iterable<string> {
    return this.#board.coins();
  }

  /** How many coins there are. */
  get size(): number {
    return this.#board.size;
  }

  row(coin: string, spark = true): MarketRow | undefined {
    return this.#board.row(coin, spark);
  }

  history(coin: string): History | undefined {
    return this.#history.newest(coin);
  }

  hour(coin: string, ts: number): HistoryRow | undefined {
    return this.#history.hour(coin, ts);
  }

  /** The closes of the coin's newest hours, as many as a history has; none where there is no such coin. */
  closes(coin: string): Closes {
    return this.#history.closes(coin);
  }

  /** The hour that the market is at; undefined without coins. */
  marketHour(): number | undefined {
    return this.#board.hour();
  }

  deadLetters(): number {
    return this.#counts.get(['dead letters'])?.count ?? 0;
  }

  /** The next offset that the stage's committed position names, by the position's key; undefined where there is none. */
  stagePosition(key: string): number | undefined {
    const position = this.positions.get([key])?.position;
    if (typeof position !== 'object' || position === null || !('offset' in position)) return undefined;
    return typeof position.offset === 'number' ? position.offset : undefined;
  }

  /** The changes since the last call. */
  takeChanges(): ChangeSet {
    const changes = this.#changes;
    this.#changes = new ChangeSet();
    return changes;
  }

  statusChanged(): void {
    this.#changes.status = true;
  }

  named(coin: string): void {
    this.#changes.names.add(coin);
  }

  /** The next offset to read of a source; undefined at first. */
  position(source: string): number | undefined {
    return this.#store.position(source);
  }

  /** Whether the positions of that topic are of the one with the id; of any where nothing was noted, or the log says none. */
  isOf(topic: string, id: string | undefined): boolean {
    const noted = this.#topics.get([topic]);
    return noted === undefined || id === undefined || noted === id;
  }

  /** Remembers that the positions of that topic are of the one with the id. */
  async noteTopic(topic: string, id: string | undefined): Promise<void> {
    if (id === undefined || this.#topics.get([topic]) === id) return;
    await this.#store.commit(() => this.#topics.put([topic], id));
  }

  async wipe(): Promise<void> {
    await this.#store.wipe();
    this.#load();
    this.#changes = new ChangeSet();
  }

  /** Writes a batch's rows and the position behind it in one transaction, then notes what changed. */
  async apply(projection: Projection, source: string, batch: RecordBatch): Promise<Applied> {
    const from = this.#store.position(source) ?? 0;
    const records = batch.records.filter(({ offset }) => offset >= from);
    const projected = projectLatest(projection, records);
    await this.#store.commit(() => {
      for (const { change } of projected) this.#write(projection, change);
      this.#store.advance(source, batch.nextOffset);
    });
    const boards = { market: this.#board, tasks: this.tasks, changes: this.#changes };
    for (const record of projected) noteChange(boards, projection, record);
    return {
      records: records.length,
      appendedAt: records.at(-1)?.timestamp ?? 0,
      unreadable: projected.flatMap(({ change }) => (change.kind === 'unreadable' ? [change.reason] : [])),
    };
  }

  #load(): void {
    this.#board.load();
    this.tasks.load(this.#tasks);
  }

  #write({ table }: Projection, change: Projected): void {
    switch (change.kind) {
      case 'put':
        if (change.table === 'tasks') return this.#writeTask(change.key, change.value);
        return this.#store.table<object>(change.table).put(change.key, change.value);
      case 'remove':
        return this.#store.table(table).remove(change.key);
      case 'count':
        return this.#counts.put(['dead letters'], { count: this.deadLetters() + 1 });
      case 'unreadable':
    }
  }

  #writeTask(key: ViewKey, report: TaskReport): void {
    this.taskChanges.note(this.#tasks.get(key), report);
    this.#tasks.put(key, report);
  }
}
