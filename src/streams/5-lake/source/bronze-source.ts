import type { TopicPartition } from '../../log/log.ts';
import type { AddFile } from '../delta/actions.ts';
import type { DeltaTableOptions } from '../delta/delta-table.ts';
import { parseStatistics } from '../delta/file-statistics.ts';
import { readLog } from '../delta/read-log.ts';
import type { Snapshot } from '../delta/snapshot.ts';
import { PulseError } from '../../../errors.ts';
import { ParquetFile } from '../parquet/parquet-file.ts';
import { tablePosition } from '../sink/table-positions.ts';
import { refuseOtherOrigin, type TableOrigin } from '../table-log.ts';
import { bronzeTable } from '../tables.ts';
import { type BronzeBatch, inBatches } from './bronze-batches.ts';
import { partsOfFile } from './bronze-parts.ts';
import { inOffsetOrder, type Part } from './offset-order.ts';
import { pathOf, readerOf } from './read-pinned-file.ts';
import type { WantedRows } from './wanted-rows.ts';

/**
 * Bronze as a source: the records of `coingecko.markets` as the table has them at one version, whatever is written,
 * coalesced or vacuumed meanwhile. What a topic no longer holds can be read here, and the topic from where this ends.
 */
export class BronzeSource {
  readonly #options: DeltaTableOptions;
  readonly #snapshot: Snapshot;

  private constructor(options: DeltaTableOptions, snapshot: Snapshot) {
    this.#options = options;
    this.#snapshot = snapshot;
  }

  /**
   * The table at that version, or at its newest; undefined where there is none. Throws `table-mismatch` where it holds
   * rows of another log, or of a topic that is gone.
   */
  static async open(
    options: DeltaTableOptions,
    origin: TableOrigin,
    version?: number,
  ): Promise<BronzeSource | undefined> {
    const snapshot = await readLog(options.disk.disk, options.folder, version);
    if (snapshot?.metaData === undefined) return undefined;
    refuseOtherOrigin(bronzeTable, snapshot.metaData, origin);
    return new BronzeSource(options, snapshot);
  }

  /** The version that is read. */
  get version(): number {
    return this.#snapshot.version;
  }

  /** The offset below which the table has every record since the sink began; undefined of a partition that it has none of. */
  end(at: TopicPartition): number | undefined {
    return tablePosition(this.#snapshot, at);
  }

  /**
   * The partition's records of `[from, to)` in the order of their offsets, read as they are asked for. Whoever asks for no
   * more reads no more: a file is open while a part of it is read, and those row groups are in memory that have records
   * below and above the offset that is being read, of files as this program writes them one or two.
   *
   * Offsets that no row has are reported as gaps. Rejects with `offset-out-of-range` where `to` lies beyond {@link end}: what
   * is not written yet is no gap; with `table-corrupt` where an offset lies in the table twice; with `version-vacuumed`
   * where a file is gone that newer versions have replaced: open the table anew, and go on from the same offset.
   */
  read(at: TopicPartition, from: number, to: number): AsyncGenerator<BronzeBatch> {
    const wanted = { at, offsets: { start: from, end: to } };
    return this.#read(wanted);
  }

  async *#read(wanted: WantedRows): AsyncGenerator<BronzeBatch> {
    const { at, offsets } = wanted;
    if (offsets.start >= offsets.end) return;
    const end = this.end(at) ?? 0;
    if (offsets.end > end) {
      const fact = `${bronzeTable.name} has ${at.topic}[${at.partition}] up to offset ${end}`;
      throw new PulseError('offset-out-of-range', `${fact}, and not to ${offsets.end}: let pulse sink catch up first`);
    }
    yield* inBatches(inOffsetOrder(this.#files(wanted)), wanted, end);
  }

  /** The files that may hold rows that are wanted, by the statistics in the log. */
  *#files(wanted: WantedRows): Generator<Part> {
    const { at, offsets } = wanted;
    for (const file of this.#snapshot.files.values()) {
      const { minValues, maxValues } = parseStatistics(file.path, file.stats);
      const isWithin = (column: string, start: number, end: number): boolean =>
        Number(maxValues[column] ?? Infinity) >= start && Number(minValues[column] ?? -Infinity) < end;
      if (!isWithin('partition', at.partition, at.partition + 1)) continue;
      if (!isWithin('offset', offsets.start, offsets.end)) continue;
      const start = Math.max(offsets.start, Number(minValues['offset'] ?? offsets.start));
      yield { kind: 'unread', start, read: () => this.#partsOf(file, wanted) };
    }
  }

  async #partsOf(file: AddFile, wanted: WantedRows): Promise<readonly Part[]> {
    const where = pathOf(this.#options, file);
    // The footer is read again for each part: kept, those of a long table would fill the memory.
    const open = (): Promise<ParquetFile> =>
      ParquetFile.open(readerOf(this.#options, this.#snapshot.version, file), file.size, where);
    return partsOfFile(await open(), wanted, open, where);
  }
}
