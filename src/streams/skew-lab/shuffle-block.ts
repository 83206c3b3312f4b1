import { partitionOf } from '../log/partition-of.ts';
import { bufferOf, type SharedBytes, type SharedChunks } from './shared-chunks.ts';
import type { PartialRow } from './task-work.ts';

/**
 * What one task hands on at a commit: its rows in the order of the partitions that they go to, and where each partition
 * begins, as the shuffle files of batch engines have it.
 */
export interface ShuffleBlock {
  readonly bytes: SharedBytes;
  /** Where the partitions begin, and where the last one ends. */
  readonly starts: readonly number[];
}

/** Rows of two kinds: the workload's own, and those of the extra work. */
export interface TaskRows {
  readonly work: readonly PartialRow[];
  readonly extra: readonly PartialRow[];
}

const MARK = { work: 'w', extra: 'x' } as const;

export function writeBlock(rows: TaskRows, partitions: number, chunks: SharedChunks): ShuffleBlock {
  const texts: string[] = Array.from({ length: partitions }, () => '');
  for (const kind of ['work', 'extra'] as const)
    for (const { key, line } of rows[kind]) {
      const partition = partitionOf(key, partitions);
      texts[partition] = `${texts[partition] ?? ''}${MARK[kind]}${line}\n`;
    }
  const starts = [0];
  for (const text of texts) starts.push((starts.at(-1) ?? 0) + Buffer.byteLength(text));
  const bytes = chunks.take(starts.at(-1) ?? 0);
  bufferOf(bytes).write(texts.join(''));
  return { bytes, starts };
}

/** What all blocks have for the partitions `[from, to)`, in one piece: a merge is sent what it works on, and no more. */
export function fetchBlocks(blocks: readonly ShuffleBlock[], from: number, to: number): SharedBytes {
  const pieces = blocks.map(({ bytes, starts }) => bufferOf(bytes).subarray(starts[from], starts[to]));
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const fetched = { memory: new SharedArrayBuffer(length), at: 0, length };
  const buffer = bufferOf(fetched);
  let end = 0;
  for (const piece of pieces) end += piece.copy(buffer, end);
  return fetched;
}

/** The lines of what was fetched, in no order. */
export function* readLines(fetched: SharedBytes): Iterable<{ readonly kind: keyof TaskRows; readonly line: string }> {
  for (const line of bufferOf(fetched).toString('utf8').split('\n'))
    if (line !== '') yield { kind: line.startsWith(MARK.work) ? 'work' : 'extra', line: line.slice(1) };
}
