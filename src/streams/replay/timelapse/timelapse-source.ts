import { z } from 'zod';
import { commitBehind } from '../../1-ingest/commit-behind.ts';
import { IngestReporter } from '../../1-ingest/ingest-reporter.ts';
import { IngestSession, type SourcePosition } from '../../1-ingest/ingest-session.ts';
import type { IngestOptions, IngestOutcome, IngestSource } from '../../1-ingest/ingest-source.ts';
import { PacedSteps, type PacedStep, type TimedRecord } from '../../1-ingest/pace/paced-steps.ts';
import type { Playback } from '../../1-ingest/pace/playback.ts';
import type { OutputRecord } from '../../log/log.ts';
import { formatRfc3339 } from '../../rfc3339.ts';
import { inNamespace, topics } from '../../topics.ts';
import type { HistoryQuote } from './history-quote.ts';
import type { OrderedHistory } from './ordered-history.ts';

export interface TimelapseOptions extends IngestOptions {
  readonly history: OrderedHistory;
  readonly playback: Playback;
  /** A sentence for whoever watches. */
  readonly note: string;
  /** After each commit: the time that it has reached, milliseconds since the epoch. */
  readonly onReached: (time: number) => void;
}

/** The position that a time-lapse commits with its quotes: a namespace that has it holds nothing but one. */
export const TIMELAPSE_KEY = 'time-lapse';

const place = z.object({ time: z.int(), partition: z.int().min(0), offset: z.int().min(0) });
const position = z.object({ after: place.nullable(), records: z.int().min(0), done: z.boolean() });
type Reached = z.infer<typeof position>;

/**
 * Plays a history into `coingecko.markets` of another namespace at the pace of a {@link Playback}, as quotes were seen: each in the partition
 * and with the bytes and headers that it has there, but for `source`. What was committed is not played again by a further run.
 */
export const timelapseSource = (options: TimelapseOptions): IngestSource => ({
  async run(signal) {
    const session = await IngestSession.open(options, 'replay');
    const begun = reachedBefore(session.position(TIMELAPSE_KEY));
    const { note: message } = options;
    const reporter = new IngestReporter(options, 'replay', { state: 'running', records: begun.records, message });
    try {
      const outcome = await new Player(options, session, reporter, begun).play(signal);
      await reporter.end();
      return outcome;
    } catch (error) {
      await reporter.fail(error);
      throw error;
    } finally {
      await session.close();
    }
  },
});

const reachedBefore = (found: unknown): Reached =>
  position.safeParse(found).data ?? { after: null, records: 0, done: false };

class Player {
  readonly #options: TimelapseOptions;
  readonly #session: IngestSession;
  readonly #reporter: IngestReporter;
  readonly #paced: PacedSteps;
  readonly #topic: string;
  /** Quotes that are dealt out and not committed yet, in their order. */
  readonly #dealt: HistoryQuote[] = [];
  #reached: Reached;

  constructor(options: TimelapseOptions, session: IngestSession, reporter: IngestReporter, begun: Reached) {
    this.#options = options;
    this.#session = session;
    this.#reporter = reporter;
    this.#paced = new PacedSteps(options.scheduler, options.playback);
    this.#topic = inNamespace(options.namespace, topics.markets.name);
    this.#reached = begun;
  }

  async play(signal: AbortSignal): Promise<IngestOutcome> {
    if (this.#reached.done) return { kind: 'already-finished', records: this.#reached.records };
    await commitBehind(this.#steps(signal), (step) => this.#commit(step));
    const { records } = this.#reached;
    if (signal.aborted) return { kind: 'stopped', records };
    this.#reached = { ...this.#reached, done: true };
    await this.#session.commit([], this.#position());
    return { kind: 'finished', records };
  }

  async *#steps(signal: AbortSignal): AsyncGenerator<PacedStep> {
    const after = this.#reached.after ?? undefined;
    if (after !== undefined) this.#paced.skip(after.time);
    for await (const run of this.#options.history.quotes(after)) {
      if (signal.aborted) return;
      yield* this.#paced.due(this.#timed(run), () => undefined, signal);
    }
  }

  *#timed(run: readonly HistoryQuote[]): Generator<TimedRecord> {
    for (const quote of run) {
      this.#dealt.push(quote);
      yield { record: playedRecord(this.#topic, quote), time: quote.time };
    }
  }

  async #commit({ records }: PacedStep): Promise<void> {
    const last = this.#dealt.splice(0, records.length).at(-1);
    if (last === undefined) return;
    const { time, partition, offset } = last;
    const played = this.#reached.records + records.length;
    this.#reached = { after: { time, partition, offset }, records: played, done: false };
    await this.#session.commit(records, this.#position());
    this.#reporter.update({ records: played, event_time: formatRfc3339(time) });
    this.#options.onReached(time);
  }

  #position(): SourcePosition {
    return { key: TIMELAPSE_KEY, value: this.#reached };
  }
}

/**
 * `observed_at` is what the quote was seen at also where it is its record's timestamp that says so. One that can't be read stays: what made
 * a dead letter of it live does so again.
 */
const playedRecord = (topic: string, { partition, record, time }: HistoryQuote): OutputRecord => {
  const { key, value } = record;
  return {
    ...{ topic, partition, key, value },
    headers: { observed_at: formatRfc3339(time), ...record.headers(), source: 'replay' },
  };
};
