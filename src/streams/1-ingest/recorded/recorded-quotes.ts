import type { ElementSplitter } from '../element-splitter.ts';
import { JsonArraySplitter } from '../json-array-splitter.ts';
import { PulseError } from '../../../errors.ts';
import { LineSplitter } from './line-splitter.ts';
import type { RecordingFile } from './recording-file.ts';
import { recordingFormat, type RecordingFormat } from './recording-format.ts';

/** How much is looked at to tell the format. */
const HEAD_BYTES = 1 << 16;

/** What {@link recordedQuotes} is told. */
export interface ReadingOptions {
  /** Bytes read, or unpacked, at once: what bounds a batch. */
  readonly chunkBytes: number;
  /** Longer quotes are cut off behind it. */
  readonly quoteLimitBytes: number;
}

/** Some quotes in the order of the file, and how many so far were cut off. */
export interface QuoteBatch {
  readonly quotes: readonly Buffer[];
  readonly cutOff: number;
  /** Whether the file ends behind them before its array does. */
  readonly isUnfinished?: boolean;
  /** Says that nobody will look at the quotes again: their memory may be used for others. */
  readonly release: () => void;
}

/**
 * The quotes of a recording, a batch for each chunk of the file that ends any. Rejects with `file-unreadable` where the
 * file holds none that could be told apart, or can't be read to its end; the batches before that are good.
 */
export async function* recordedQuotes(file: RecordingFile, options: ReadingOptions): AsyncGenerator<QuoteBatch> {
  const { chunkBytes, quoteLimitBytes } = options;
  let head: Buffer = Buffer.alloc(0);
  let splitter: ElementSplitter | undefined;
  for await (const { bytes, release } of file.chunks(chunkBytes)) {
    const quotes: Buffer[] = [];
    if (splitter === undefined) {
      head = Buffer.concat([head, bytes]);
      release();
      if (head.length < HEAD_BYTES) continue;
      splitter = splitHead(file.name, head, false, quoteLimitBytes, quotes);
      if (quotes.length > 0) yield { quotes, cutOff: splitter.cutOff, release: () => undefined };
      continue;
    }
    splitter.push(bytes, quotes);
    if (quotes.length > 0) yield { quotes, cutOff: splitter.cutOff, release };
    else release();
  }
  const quotes: Buffer[] = [];
  splitter ??= splitHead(file.name, head, true, quoteLimitBytes, quotes);
  splitter.end(quotes);
  const { cutOff, isUnfinished } = splitter;
  if (quotes.length > 0 || isUnfinished) yield { quotes, cutOff, isUnfinished, release: () => undefined };
}

/** The splitter for what begins with `head`, which it has taken. */
function splitHead(name: string, head: Buffer, isWhole: boolean, limit: number, into: Buffer[]): ElementSplitter {
  const format = recordingFormat(head, isWhole);
  if (format.kind === 'unusable') throw new PulseError('file-unreadable', `The file ${name} ${format.why}`);
  const splitter = splitterOf(format.kind, limit);
  splitter.push(head.subarray(format.start), into);
  return splitter;
}

function splitterOf(kind: Exclude<RecordingFormat['kind'], 'unusable'>, limit: number): ElementSplitter {
  switch (kind) {
    case 'lines':
      return new LineSplitter(limit);
    case 'array':
      return new JsonArraySplitter(limit);
    case 'wrapped-array':
      return new JsonArraySplitter(limit, true);
  }
}
