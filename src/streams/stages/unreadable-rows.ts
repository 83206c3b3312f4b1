import { PulseError } from '../../errors.ts';
import type { LogRecord } from '../log/record.ts';
import type { ChangelogRecord } from './changelog-record.ts';

/** A key of the changelog whose latest record can't be read. */
export interface UnreadableRow {
  readonly key: Buffer;
  readonly partition: number;
  readonly offset: number;
  readonly why: string;
}

/** The keys of one partition of the changelog whose latest record, of those that it was told, can't be read. */
export class UnreadableRows {
  readonly #partition: number;
  /** By the key's bytes. */
  readonly #rows = new Map<string, UnreadableRow>();

  constructor(partition: number) {
    this.#partition = partition;
  }

  /** Takes note of the partition's next record: a later one of the same key makes good for what could not be read. */
  note({ key, offset }: LogRecord, read: ChangelogRecord): void {
    if (key === null || (read.kind !== 'unreadable' && this.#rows.size === 0)) return;
    const name = key.toString('latin1');
    this.#rows.delete(name);
    if (read.kind === 'unreadable')
      this.#rows.set(name, { key: Buffer.from(key), partition: this.#partition, offset, why: read.why });
  }

  get all(): readonly UnreadableRow[] {
    return [...this.#rows.values()];
  }

  /** The offset of the first of them; Infinity where there is none. */
  get firstOffset(): number {
    return this.#rows.values().next().value?.offset ?? Infinity;
  }
}

/** The row as a sentence has it. */
export const unreadableText = ({ key, offset, why }: UnreadableRow): string =>
  `${JSON.stringify(key.toString('utf8').slice(0, 200))} at offset ${offset} (${why})`;

const SHOWN = 3;

/** Nothing can be made of the changelog as it is; says which rows it is about, and what to do. */
export function changelogUnreadable(topic: string, partition: number, rows: readonly UnreadableRow[]): PulseError {
  const shown = rows.slice(0, SHOWN).map(unreadableText).join(', ');
  const more = rows.length > SHOWN ? `, and ${rows.length - SHOWN} more` : '';
  return new PulseError(
    'changelog-unreadable',
    `the changelog ${topic}[${partition}] can't be read in ${rows.length} ${rows.length === 1 ? 'row' : 'rows'}: ${shown}${more}. ` +
      'pulse process --rebuild computes them anew from the quotes',
  );
}
