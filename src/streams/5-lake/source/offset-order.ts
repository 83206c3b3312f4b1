import type { LogRecord } from '../../log/record.ts';

/** Records of one partition that are not all read yet: none lies below `start`. */
interface UnreadPart {
  readonly kind: 'unread';
  readonly start: number;
  /** Reads one step further: what it is made of, none of it starting before it. */
  read(): Promise<readonly Part[]>;
}

/** Records of one partition in ascending order, the first one at `start`. */
interface ReadPart {
  readonly kind: 'read';
  readonly start: number;
  readonly records: readonly LogRecord[];
  /** What they were read from. */
  readonly where: string;
}

export type Part = UnreadPart | ReadPart;

/** Some of the records of one part. */
export type Stretch = Pick<ReadPart, 'records' | 'where'>;

/**
 * The records of all parts in the order of their offsets. A part is read when everything below its start has been given out
 * and asked for more: at any moment those parts are in memory that hold records on both sides of the current offset.
 *
 *     part A  [0 ........ 30)
 *     part B          [20 ........ 50)
 *     part C                            [60 ... 70)
 *     given:  A below 20, then B is read; A and B in turn; B alone; C is read at last
 */
export async function* inOffsetOrder(parts: Iterable<Part>): AsyncGenerator<Stretch> {
  // The first one last, where it is taken from without moving the others.
  const waiting = [...parts].sort((a, b) => b.start - a.start);
  for (let first = waiting.pop(); first !== undefined; first = waiting.pop()) {
    if (first.kind === 'unread') {
      for (const part of await first.read()) insert(waiting, part);
      continue;
    }
    const { records, where } = first;
    // Two that start at the same offset hold it twice; both are given out, for whoever reads to see.
    const until = Math.max(waiting.at(-1)?.start ?? Infinity, first.start + 1);
    const count = until === Infinity ? records.length : countBelow(records, until);
    yield { records: count === records.length ? records : records.slice(0, count), where };
    const next = records[count];
    if (next !== undefined) insert(waiting, { ...first, start: next.offset, records: records.slice(count) });
  }
}

function insert(waiting: Part[], part: Part): void {
  let [low, high] = [0, waiting.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((waiting[middle]?.start ?? 0) > part.start) low = middle + 1;
    else high = middle;
  }
  waiting.splice(low, 0, part);
}

function countBelow(records: readonly LogRecord[], until: number): number {
  let [low, high] = [0, records.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((records[middle]?.offset ?? Infinity) < until) low = middle + 1;
    else high = middle;
  }
  return low;
}
