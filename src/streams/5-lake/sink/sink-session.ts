import { PulseError } from '../../../errors.ts';
import type { Log, PartitionPosition, RecordBatch } from '../../log/log.ts';
import { DeltaTable, type DeltaTableOptions } from '../delta/delta-table.ts';
import type { UncommittedFiles } from '../delta/uncommitted-files.ts';
import type { LakeTable } from '../lake-table.ts';
import { prepareTable } from '../prepare-table.ts';
import { madeAnew } from '../table-log.ts';
import type { TableBuffer } from './table-buffer.ts';
import { isReplaced } from './is-replaced.ts';
import { outOfStep } from './out-of-step.ts';
import { arePositionsEqual, positionActions, type Positions, tablePositions } from './table-positions.ts';

/** When what was read is written: whichever comes first. */
export interface FlushPolicy {
  readonly intervalMs: number;
  readonly rows: number;
  readonly bytes: number;
}

/** One table of the lake, and the topic that it is filled from. */
export interface SinkSpec {
  readonly table: LakeTable;
  readonly topic: string;
  readonly partitions: number;
  /** Resolves when the batch's rows can be read. */
  readonly prepare: (batch: RecordBatch) => Promise<void>;
  readonly createBuffer: (table: DeltaTable) => TableBuffer;
}

export interface SessionOptions {
  readonly log: Log;
  readonly spec: SinkSpec;
  readonly policy: FlushPolicy;
  readonly delta: DeltaTableOptions;
  /** What sessions before it have left. */
  readonly uncommitted?: UncommittedFiles;
}

interface SessionParts extends Pick<SessionOptions, 'log' | 'spec' | 'policy'> {
  readonly table: DeltaTable;
  readonly topicId: string | undefined;
  readonly next: Map<number, number>;
}

/** A position alone is worth a version of the table after so many offsets that brought no row. */
const OFFSETS_WITHOUT_ROWS = 100_000;

/**
 * One stretch of a sink's work: rows on top of the table as it was opened, and the positions that go with them. Another
 * writer of the same table ends it: what was read and not committed is the other's to write.
 */
export class SinkSession {
  readonly #log: Log;
  readonly #spec: SinkSpec;
  readonly #policy: FlushPolicy;
  readonly #table: DeltaTable;
  readonly #topicId: string | undefined;
  readonly #buffer: TableBuffer;
  readonly #next: Map<number, number>;
  #committed: Positions;
  #rows = 0;

  private constructor({ log, spec, policy, table, topicId, next }: SessionParts) {
    this.#log = log;
    this.#spec = spec;
    this.#policy = policy;
    this.#table = table;
    this.#topicId = topicId;
    this.#buffer = spec.createBuffer(table);
    this.#next = next;
    this.#committed = tablePositions(table.snapshot, spec.topic, spec.partitions);
  }

  /**
   * Opens the table where it stands; a partition that it has no position of is read from its start. Throws
   * `table-mismatch` where the topic holds other offsets: records are gone, or it is not the topic that it was.
   */
  static async open({ log, spec, policy, delta, uncommitted }: SessionOptions): Promise<SinkSession> {
    const { topic, partitions } = spec;
    const table = await DeltaTable.open(delta, uncommitted);
    await table.uncommitted.remove();
    const topicId = await log.topics.id(topic);
    await prepareTable(table, spec.table, { log: log.identity, topicId });
    const next = new Map(tablePositions(table.snapshot, topic, partitions));
    for (let partition = 0; partition < partitions; partition++) {
      const bounds = await log.bounds({ topic, partition });
      const offset = next.get(partition) ?? bounds.start;
      if (offset < bounds.start || offset > bounds.end)
        throw outOfStep(spec.table, { topic, partition, offset }, bounds);
      next.set(partition, offset);
    }
    return new SinkSession({ log, spec, policy, table, topicId, next });
  }

  /** How many rows it has committed: those that were appended, or changed. */
  get rows(): number {
    return this.#rows;
  }

  /** The version of the table that it has seen last. */
  get version(): number {
    return this.#table.snapshot.version;
  }

  /** Where to read on. */
  positions(): readonly PartitionPosition[] {
    return [...this.#next].map(([partition, offset]) => ({ topic: this.#spec.topic, partition, offset }));
  }

  /** Whether a flush would write anything. */
  get hasNews(): boolean {
    return this.#buffer.rows > 0 || this.#advance >= OFFSETS_WITHOUT_ROWS;
  }

  /**
   * Takes a batch in; false where another writer's commit has ended the session. What is no row is passed over where a later record
   * of its key stands in for it, as a rebuild leaves it.
   */
  async take(batch: RecordBatch): Promise<boolean> {
    await this.#spec.prepare(batch);
    for (const record of batch.records)
      try {
        this.#buffer.take(batch, record);
      } catch (error) {
        if (!isNoRow(error) || !(await isReplaced(this.#log, batch, record))) throw error;
      }
    this.#next.set(batch.partition, batch.nextOffset);
    const isFull = this.#buffer.rows >= this.#policy.rows || this.#buffer.bytes >= this.#policy.bytes;
    return isFull ? this.flush() : true;
  }

  /** Reads everything that the topic holds when it is asked, and commits it; false as for {@link take}. */
  async catchUp(signal: AbortSignal): Promise<boolean> {
    for (const position of this.positions()) {
      if (signal.aborted) break;
      const { end } = await this.#log.bounds(position);
      for await (const batch of this.#log.read(position, position.offset, end)) {
        if (!(await this.take(batch))) return false;
        if (signal.aborted) break;
      }
    }
    return this.flush();
  }

  /**
   * Commits the rows that were taken, with the positions behind them: both or neither. False as for {@link take}; throws
   * `table-mismatch` where the topic was made anew meanwhile.
   */
  async flush(): Promise<boolean> {
    if (arePositionsEqual(this.#committed, this.#next)) return true;
    try {
      return await this.#flush();
    } finally {
      // What can't be removed now is when the table is opened anew; how the flush ended is what is told.
      await this.#table.uncommitted.remove().catch(() => undefined);
    }
  }

  async #flush(): Promise<boolean> {
    const { topic, partitions } = this.#spec;
    // Ids never come again: what was read since the session was opened is of one topic where it is the same now.
    if ((await this.#log.topics.id(topic)) !== this.#topicId) throw madeAnew(this.#spec.table);
    const ends = new Map(this.#next);
    const schema = this.#table.snapshot.metaData?.schemaString;
    for (;;) {
      const now = this.#table.options.now();
      const positions = positionActions(topic, this.#committed, ends, now);
      const actions = [...positions, ...(await this.#buffer.actions())];
      if (await this.#table.commit(actions, { operation: 'WRITE', operationParameters: { topic } })) break;
      await this.#table.refresh();
      const { snapshot } = this.#table;
      if (!arePositionsEqual(tablePositions(snapshot, topic, partitions), this.#committed)) return false;
      if (snapshot.metaData?.schemaString !== schema) return false;
    }
    this.#committed = ends;
    this.#rows += this.#buffer.rows;
    this.#buffer.clear();
    return true;
  }

  get #advance(): number {
    let offsets = 0;
    for (const [partition, next] of this.#next) offsets += next - (this.#committed.get(partition) ?? 0);
    return offsets;
  }
}

const isNoRow = (error: unknown): boolean => error instanceof PulseError && error.code === 'log-corrupt';
