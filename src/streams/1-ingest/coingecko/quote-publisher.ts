import { formatRfc3339 } from '../../rfc3339.ts';
import { HOUR_MS, hourOf } from '../../time.ts';
import type { OutputRecord } from '../../log/log.ts';
import type { MarketRecords } from '../market-records.ts';
import { QuoteReader } from '../quote-reader.ts';

/** The elements of one page of a poll; times in milliseconds since the epoch. */
export interface PolledPage {
  readonly elements: readonly Buffer[];
  readonly fetchedAt: number;
  /** How long a cache had held the page by then. */
  readonly ageMs: number;
}

/** What was last published of a coin. */
interface Published {
  readonly element: Buffer;
  readonly lastUpdated: string | undefined;
  /** Undefined where the quote names none. */
  readonly eventTime: number | undefined;
  readonly observedAt: number;
}

interface Candidate extends Published {
  readonly fetchedAt: number;
}

/** Stage 1 rejects an event time further ahead of its observation. */
const FUTURE_MS = 5 * 60_000;

/**
 * Decides which quotes of a poll are published. CoinGecko repeats an unchanged quote on every poll, so a coin is published
 *
 * - when its `last_updated` changed,
 * - else in each hour (of `observed_at`) once, so that its silence shows,
 * - else when the quote's hour has become final since it was last published, so that somebody says so.
 *
 * A coin that is not in the response any more goes on with its last element by the last two rules, until its hour is
 * final. No coin is published twice in a poll.
 *
 * `observed_at` is when the quote was seen to be the latest: the time of the fetch, less the age of a cached body (a CDN
 * that serves an old copy in an outage must not make hours final), yet never before the newest quote of that body.
 */
export class QuotePublisher {
  private readonly records: MarketRecords;
  private readonly graceMs: number;
  private readonly reader = new QuoteReader();
  private readonly published = new Map<string, Published>();

  /** `graceMs`: an hour is final once a coin was observed later than this after its end. */
  constructor(records: MarketRecords, graceMs: number) {
    this.records = records;
    this.graceMs = graceMs;
  }

  /** Takes up a coin where an earlier run left it. Where several come for a coin, the last counts. */
  restore(element: Buffer, observedAt: number): void {
    this.reader.read(element);
    const { id, lastUpdated, eventTime } = this.reader;
    if (id !== undefined) this.published.set(id, { element: Buffer.from(element), lastUpdated, eventTime, observedAt });
  }

  /** The records of a poll whose pages have all been fetched. */
  publish(pages: readonly PolledPage[]): readonly OutputRecord[] {
    const candidates = this.candidatesOf(pages);
    const records: OutputRecord[] = [];
    for (const [key, candidate] of candidates) {
      const before = this.published.get(key);
      const isChanged = before === undefined || before.lastUpdated !== candidate.lastUpdated;
      if (isChanged || this.isDueAgain(before, candidate.observedAt)) records.push(this.record(key, candidate));
    }
    this.addVanished(pages, candidates, records);
    return records;
  }

  /** One for each coin: of two pages that both have it, the later quote. What has no id goes by its bytes. */
  private candidatesOf(pages: readonly PolledPage[]): ReadonlyMap<string, Candidate> {
    const candidates = new Map<string, Candidate>();
    for (const page of pages) {
      const observedAt = this.observedAt(page);
      for (const element of page.elements) {
        this.reader.read(element);
        const { id, lastUpdated, eventTime } = this.reader;
        const key = id ?? withoutId(element);
        const other = candidates.get(key);
        if (other !== undefined && (other.eventTime ?? -Infinity) >= (eventTime ?? -Infinity)) continue;
        candidates.set(key, { element, lastUpdated, eventTime, observedAt, fetchedAt: page.fetchedAt });
      }
    }
    return candidates;
  }

  private observedAt({ elements, fetchedAt, ageMs }: PolledPage): number {
    if (ageMs === 0) return fetchedAt;
    let newest = -Infinity;
    for (const element of elements) {
      this.reader.read(element);
      newest = Math.max(newest, this.reader.eventTime ?? -Infinity);
    }
    return Math.min(fetchedAt, Math.max(fetchedAt - ageMs, newest));
  }

  private addVanished(
    pages: readonly PolledPage[],
    present: ReadonlyMap<string, Candidate>,
    records: OutputRecord[],
  ): void {
    const latest = pages.reduce((latest, page) => Math.max(latest, page.fetchedAt), -Infinity);
    const observedAt = pages.reduce((earliest, page) => Math.min(earliest, this.observedAt(page)), Infinity);
    for (const [key, before] of this.published) {
      if (present.has(key)) continue;
      if (this.isSettled(before)) this.published.delete(key);
      else if (this.isDueAgain(before, observedAt)) {
        records.push(this.record(key, { ...before, observedAt, fetchedAt: latest }));
      }
    }
  }

  private record(key: string, quote: Candidate): OutputRecord {
    const { element, lastUpdated, eventTime, observedAt, fetchedAt } = quote;
    // A copy, as a view would keep the whole body of the response.
    this.published.set(key, { element: Buffer.from(element), lastUpdated, eventTime, observedAt });
    const id = key.startsWith(NO_ID) ? undefined : key;
    return this.records.record(id, element, {
      observed_at: formatRfc3339(observedAt),
      fetched_at: formatRfc3339(fetchedAt),
      source: 'coingecko',
    });
  }

  private isDueAgain(before: Published, observedAt: number): boolean {
    if (observedAt <= before.observedAt) return false;
    if (hourOf(observedAt) !== hourOf(before.observedAt)) return true;
    return !this.isSettled(before) && this.isFinal(before.eventTime, observedAt);
  }

  /** Nothing more is to be said of its hour. */
  private isSettled({ eventTime, observedAt }: Published): boolean {
    if (eventTime === undefined || eventTime > observedAt + FUTURE_MS) return true;
    return this.isFinal(eventTime, observedAt);
  }

  private isFinal(eventTime: number | undefined, observedAt: number): boolean {
    return eventTime !== undefined && observedAt > hourOf(eventTime) + HOUR_MS + this.graceMs;
  }
}

/** Begins no coin id: these hold no control characters. */
const NO_ID = '\0';

const withoutId = (element: Buffer): string => NO_ID + element.toString('latin1');
