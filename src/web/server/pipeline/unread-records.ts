import type { Log, TopicPartition } from '../../../streams/log/log.ts';

/** A transaction ends with a marker, and an aborted one leaves nothing else: more than so many offsets are a lag. */
const MOST = 4;

interface Asked {
  readonly position: number;
  readonly end: number;
  /** Undefined while they may still be on their way to the reader. */
  readonly isNone?: boolean;
}

/**
 * Tells a lag from the markers of a cluster's transactions, which have offsets and are no records: an idle reader stands
 * before them for ever, and is not behind.
 */
export class UnreadRecords {
  readonly #log: Log;
  readonly #asked = new Map<string, Asked>();

  constructor(log: Log) {
    this.#log = log;
  }

  /** Where the reader is: at the end, where nothing lies between. The log is read once for offsets that stand still. */
  async position(reader: string, at: TopicPartition, position: number, end: number): Promise<number> {
    const key = `${reader}|${at.topic}|${at.partition}`;
    const asked = this.#asked.get(key);
    if (position >= end || end - position > MOST) {
      this.#asked.delete(key);
      return position;
    }
    if (asked?.position !== position || asked.end !== end) {
      this.#asked.set(key, { position, end });
      return position;
    }
    const isNone = asked.isNone ?? (await this.#isNone(at, position, end));
    this.#asked.set(key, { position, end, isNone });
    return isNone ? end : position;
  }

  async #isNone(at: TopicPartition, from: number, to: number): Promise<boolean> {
    for await (const { records } of this.#log.read(at, from, to)) if (records.length > 0) return false;
    return true;
  }
}
