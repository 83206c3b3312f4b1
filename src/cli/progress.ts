import { SingleBar } from 'cli-progress';
import { counted } from '../counted.ts';
import type { IngestLogger } from '../streams/1-ingest/ingest-source.ts';
import type { IngestReport } from '../streams/task/reports.ts';
import type { Out } from './context.ts';

/** Shows how an ingest gets on, and says what it has to say: each thing once. */
export interface Progress {
  readonly logger: IngestLogger;
  readonly show: (report: IngestReport) => void;
  end(): void;
}

const STEPS = 1000;
const BAR = '{label} {bar} {percentage}% | {detail}';
const OPEN = '{label} | {detail}';
const LINE_EVERY_PERCENT = 10;

/** On a terminal a bar, or how far it is where no end is known; else a line every tenth of the way. */
export function createProgress(out: Out, label: string): Progress {
  const meter = out.isTerminal ? barMeter(label) : lineMeter(out, label);
  const failures = new Failures(out, label);
  const say = (line: string): void => {
    meter.clear();
    failures.said = line;
    out.say(line);
  };
  return {
    logger: { info: say, warn: say },
    end: () => meter.clear(),
    show(report) {
      failures.look(report);
      if (report.state === 'running') meter.show(report);
    },
  };
}

/**
 * Says why a source fails when it still does at its next report: what passes at once concerns nobody, and a failure that
 * ends the run is its last report, and the command's own last line.
 */
class Failures {
  /** The last line that was said, by whomever. */
  said: string | undefined;
  readonly #out: Out;
  readonly #label: string;
  #seen: string | undefined;

  constructor(out: Out, label: string) {
    this.#out = out;
    this.#label = label;
  }

  look({ state, message }: IngestReport): void {
    const failure = state === 'failing' && message !== null ? message : undefined;
    if (failure !== undefined && failure === this.#seen && failure !== this.said) {
      this.said = failure;
      this.#out.say(`${this.#label}: ${failure}`);
    }
    this.#seen = failure;
  }
}

interface Meter {
  show(report: IngestReport): void;
  clear(): void;
}

function barMeter(label: string): Meter {
  let bar: SingleBar | undefined;
  return {
    show(report) {
      const { progress, event_time: at } = report;
      if (progress === null && at === null) return;
      if (bar === undefined) {
        bar = new SingleBar({ format: progress === null ? OPEN : BAR, stopOnComplete: false });
        bar.start(STEPS, 0, { label, detail: detailOf(report) });
      }
      bar.update(Math.round((progress ?? 0) * STEPS), { label, detail: detailOf(report) });
    },
    clear() {
      bar?.stop();
      bar = undefined;
    },
  };
}

function lineMeter(out: Out, label: string): Meter {
  let nextPercent = 0;
  return {
    show(report) {
      const percent = Math.floor((report.progress ?? -1) * 100);
      if (percent < nextPercent || report.records === 0) return;
      nextPercent = percent - (percent % LINE_EVERY_PERCENT) + LINE_EVERY_PERCENT;
      out.say(`${label}: ${percent} %, ${detailOf(report)}`);
    },
    clear: () => undefined,
  };
}

/** A recording tells where it stands, a backfill what it fetches. */
const detailOf = ({ records, event_time: at, message }: IngestReport): string =>
  at === null ? (message ?? counted(records, 'quote')) : `${counted(records, 'quote')}, at ${at}`;
