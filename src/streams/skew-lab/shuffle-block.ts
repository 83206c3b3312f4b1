import { partitionOf } from '../log/partition-of.ts';
import type { PartialRow } from './task-work.ts';

/**
 * What one task hands on at a commit: its rows in the order of the partitions that they go to, and where each partition
 * begins, as the shuffle files of batch engines have it. In memory that threads share.
 */
export interface ShuffleBlock {
  readonly bytes: SharedArrayBuffer;
  /** Where the partitions begin, and where the last one ends. */
  readonly starts: readonly number[];
}

/** Rows of two kinds: the workload's own, and those of the extra work. */
export interface TaskRows {
  readonly work: readonly PartialRow[];
  readonly extra: readonly PartialRow[];
}

const MARK = { work: 'w', extra: 'x' } as const;

export function writeBlock(rows: TaskRows, partitions: number): ShuffleBlock {
  const texts: string[] = Array.from({ length: partitions }, () => '');
  for (const kind of ['work', 'extra'] as const)
    for (const { key, line } of rows[kind]) texts[partitionOf(key, partitions)] += `${MARK[kind]}${line}\n`;
  const starts = [0];
  for (const text of texts) starts.push((starts.at(-1) ?? 0) + Buffer.byteLength(text));
  const bytes = new SharedArrayBuffer(starts.at(-1) ?? 0);
  const buffer = Buffer.from(bytes);
  texts.forEach((text, partition) => buffer.write(text, starts[partition] ?? 0));
  return { bytes, starts };
}

/** The lines of the partitions `[from, to)`, in no order. */
export function* readBlocks(
  blocks: readonly ShuffleBlock[],
  from: number,
  to: number,
): Iterable<{ readonly kind: keyof TaskRows; readonly line: string }> {
  for (const { bytes, starts } of blocks) {
    const text = Buffer.from(bytes).toString('utf8', starts[from], starts[to]);
    for (const line of text.split('\n'))
      if (line !== '') yield { kind: line.startsWith(MARK.work) ? 'work' : 'extra', line: line.slice(1) };
  }
}
