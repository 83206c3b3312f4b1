import { SingleBar } from 'cli-progress';
import type { IngestReport } from '../streams/task/reports.ts';
import type { Out } from './context.ts';

/** Shows how an ingest gets on. */
export interface Progress {
  readonly show: (report: IngestReport) => void;
  end(): void;
}

const STEPS = 1000;
const LINE_EVERY_PERCENT = 10;

/** A bar on a terminal where the end is known; else plain lines, when something changed that a person should know. */
export const createProgress = (out: Out, label: string): Progress =>
  out.isTerminal ? barProgress(out, label) : lineProgress(out, label);

function barProgress(out: Out, label: string): Progress {
  let bar: SingleBar | undefined;
  const end = (): void => {
    bar?.stop();
    bar = undefined;
  };
  let said = '';
  return {
    end,
    show({ progress, records, event_time, message, state }) {
      if (progress === null) {
        if (message !== null && message !== said) out.say(`${label}: ${(said = message)}`);
        return;
      }
      if (state === 'ended' && bar === undefined) return;
      if (bar === undefined) {
        bar = new SingleBar({
          format: `${label} {bar} {percentage}% | {records} quotes | at {at}`,
          hideCursor: true,
          stopOnComplete: false,
        });
        bar.start(STEPS, 0, { records, at: event_time ?? '–' });
      }
      bar.update(Math.round(progress * STEPS), { records, at: event_time ?? '–' });
    },
  };
}

function lineProgress(out: Out, label: string): Progress {
  let nextPercent = 0;
  let said: string | null = null;
  return {
    end: () => undefined,
    show({ progress, records, event_time, message, state }) {
      const percent = Math.floor((progress ?? 0) * 100);
      if (state !== 'ended' && progress !== null && percent >= nextPercent && records > 0) {
        nextPercent = percent - (percent % LINE_EVERY_PERCENT) + LINE_EVERY_PERCENT;
        out.say(`${label}: ${percent} %, ${records} quotes, at ${event_time ?? '–'}`);
      }
      if (message !== null && message !== said && state !== 'ended') out.say(`${label}: ${message}`);
      said = message;
    },
  };
}
