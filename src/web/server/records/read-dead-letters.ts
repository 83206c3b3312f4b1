import type { Log, OffsetBounds } from '../../../streams/log/log.ts';
import type { LogRecord } from '../../../streams/log/record.ts';
import type { DeadLetter, DeadLetters } from '../../pipeline-contract.ts';
import { shownRecord } from './shown-record.ts';
import { shownText } from './shown-text.ts';

/** The path under which each letter's bytes are, as `<partition>/<offset>`. */
export const DEAD_LETTERS = '/api/dead-letters';

/** Offsets may lie apart, so a page may need more looks; after so many, the next page goes on. */
const MAX_LOOKS = 6;
const HEADER_BYTES = 1024;

export interface DeadLetterPage {
  /** Undefined: the newest of all partitions. */
  readonly partition: number | undefined;
  /** By partition: letters below this offset. Of a partition that is not in it, the newest. */
  readonly before: ReadonlyMap<number, number>;
  readonly limit: number;
}

/**
 * A page of the dead letters, the newest first. Of each letter the beginning is kept alone, and of the log one batch at a
 * time: the memory that it takes follows `limit`, whatever lies in the topic.
 */
export async function readDeadLetters(log: Log, topic: string, page: DeadLetterPage): Promise<DeadLetters> {
  const count = (await log.topics.describe(topic))?.partitions ?? 0;
  const bounds: OffsetBounds[] = [];
  for (let partition = 0; partition < count; partition++) bounds.push(await log.bounds({ topic, partition }));
  const partitions = bounds.map(({ start, end }, partition) => ({ partition, start, end }));
  const read: PartitionPage[] = [];
  for (const { partition, ...range } of partitions)
    if (page.partition === undefined || page.partition === partition)
      read.push(await readDown(log, { topic, partition }, range, page));
  const letters = read.flatMap((one) => one.letters).sort(newestFirst);
  const taken = letters.slice(0, page.limit);
  return { partitions, letters: taken, next: nextOf(page, read, new Set(taken)) };
}

interface PartitionPage {
  readonly partition: number;
  readonly start: number;
  /** Where the reading began. */
  readonly from: number;
  readonly letters: readonly DeadLetter[];
  readonly next: number | null;
}

/** Of one partition in the order of its offsets, whatever its clock did. */
const newestFirst = (a: DeadLetter, b: DeadLetter): number =>
  a.partition === b.partition ? b.offset - a.offset : b.timestamp - a.timestamp || a.partition - b.partition;

function nextOf(
  page: DeadLetterPage,
  read: readonly PartitionPage[],
  taken: ReadonlySet<DeadLetter>,
): DeadLetters['next'] {
  if (page.partition !== undefined) return read[0]?.next ?? null;
  const cursors = read.map(({ partition, start, from, letters, next }) => {
    const isAll = letters.every((letter) => taken.has(letter));
    const offset = isAll ? (next ?? start) : (letters.findLast((letter) => taken.has(letter))?.offset ?? from);
    return { partition, offset, isMore: offset > start };
  });
  if (!cursors.some(({ isMore }) => isMore)) return null;
  return cursors.map(({ partition, offset }) => `${partition}:${offset}`).join(',');
}

async function readDown(
  log: Log,
  at: { readonly topic: string; readonly partition: number },
  { start, end }: OffsetBounds,
  { before, limit }: DeadLetterPage,
): Promise<PartitionPage> {
  const letters: DeadLetter[] = [];
  const first = Math.min(before.get(at.partition) ?? end, end);
  let to = first;
  for (let look = 0; look < MAX_LOOKS && letters.length < limit && to > start; look++) {
    const from = Math.max(start, to - limit * 2 ** look);
    const wanted = limit - letters.length;
    const found: DeadLetter[] = [];
    for await (const { records } of log.read(at, from, to))
      for (const record of records) {
        found.push(letterOf(at.partition, record));
        if (found.length > wanted) found.shift();
      }
    letters.push(...found.reverse());
    to = letters.length === limit ? (letters.at(-1)?.offset ?? from) : from;
  }
  return { partition: at.partition, start, from: first, letters, next: to > start ? to : null };
}

/** The letter's bytes; undefined where there is none at that place. */
export async function deadLetterBytes(
  log: Log,
  topic: string,
  at: { readonly partition: number; readonly offset: number },
): Promise<Buffer | undefined> {
  const count = (await log.topics.describe(topic))?.partitions ?? 0;
  if (at.partition >= count) return undefined;
  const { start, end } = await log.bounds({ topic, partition: at.partition });
  if (at.offset < start || at.offset >= end) return undefined;
  for await (const { records } of log.read({ topic, partition: at.partition }, at.offset, at.offset + 1))
    for (const { offset, value } of records) if (offset === at.offset && value !== null) return value;
  return undefined;
}

function letterOf(partition: number, record: LogRecord): DeadLetter {
  const header = (name: string): string | null => {
    const bytes = record.header(name);
    return bytes === undefined ? null : shownText(bytes, HEADER_BYTES).text;
  };
  const shown = shownRecord(partition, record);
  return {
    ...shown,
    reason: header('reason') ?? 'unknown',
    error: header('error') ?? 'It says no reason: something else wrote it.',
    from: {
      topic: header('topic') ?? 'unknown',
      partition: wholeNumber(header('partition')),
      offset: wholeNumber(header('offset')),
    },
    href: `${DEAD_LETTERS}/${partition}/${record.offset}`,
  };
}

const wholeNumber = (text: string | null): number | null =>
  text !== null && /^\d{1,16}$/.test(text) ? Number(text) : null;
