import { MultiBar, type SingleBar } from 'cli-progress';
import type { ReplayFigures } from '../../streams/replay/replay-progress.ts';
import { formatRfc3339 } from '../../streams/rfc3339.ts';
import type { Out } from '../context.ts';
import { durationText } from './duration-text.ts';

/** Shows how a replay gets on. */
export interface ReplayMeter {
  readonly show: (figures: ReplayFigures) => void;
  readonly say: (line: string) => void;
  end(): void;
}

const FORMAT = '{label} {bar} {percentage}% | {detail}';
const LINE_EVERY_PERCENT = 10;

/**
 * On a terminal a bar for the whole and one for each partition; else a line every tenth of the way, or, as JSON, an object
 * a line on standard output for every hundredth of the way, where it goes that slowly.
 */
export const createReplayMeter = (out: Out, json: boolean): ReplayMeter =>
  json ? jsonMeter(out) : out.isTerminal ? barMeter(out) : lineMeter(out);

function barMeter(out: Out): ReplayMeter {
  let bars: { readonly all: MultiBar; readonly whole: SingleBar; readonly parts: readonly SingleBar[] } | undefined;
  const end = (): void => {
    bars?.all.stop();
    bars = undefined;
  };
  const start = (figures: ReplayFigures): NonNullable<typeof bars> => {
    const all = new MultiBar({ format: FORMAT, stopOnComplete: false, hideCursor: true });
    const bar = (total: number): SingleBar => all.create(total, 0, { label: '', detail: '' });
    return {
      all,
      whole: bar(figures.total),
      parts: figures.partitions.map(({ start: from, end: to }) => bar(to - from)),
    };
  };
  return {
    end,
    say(line) {
      end();
      out.say(line);
    },
    show(figures) {
      bars ??= start(figures);
      bars.whole.update(figures.done, { label: 'all'.padEnd(12), detail: detailOf(figures) });
      for (const { partition, start: from, end: to, position } of figures.partitions)
        bars.parts[partition]?.update(position - from, {
          label: `partition ${partition}`.padEnd(12),
          detail: `${position} of ${to}`,
        });
    },
  };
}

function lineMeter(out: Out): ReplayMeter {
  let nextPercent = 0;
  return {
    end: () => undefined,
    say: out.say,
    show(figures) {
      const percent = percentOf(figures);
      if (percent < nextPercent) return;
      nextPercent = percent - (percent % LINE_EVERY_PERCENT) + LINE_EVERY_PERCENT;
      out.say(`${percent} %, ${detailOf(figures)}`);
    },
  };
}

const JSON_EVERY_DONE = 0.01;

function jsonMeter(out: Out): ReplayMeter {
  let shown = -1;
  return {
    end: () => undefined,
    say: out.say,
    show(figures) {
      const { done, total, perSecond, leftMs, reached, partitions } = figures;
      const share = total === 0 ? 1 : done / total;
      if (share - shown < JSON_EVERY_DONE && !(share === 1 && shown < 1)) return;
      shown = share;
      void out.result(
        JSON.stringify({
          kind: 'progress',
          ...{ records: done, of: total, records_per_second: perSecond, left_ms: leftMs },
          event_time: reached === null ? null : formatRfc3339(reached),
          partitions: partitions.map(({ partition, start, position, end }) => ({ partition, start, position, end })),
        }),
      );
    },
  };
}

const percentOf = ({ done, total }: ReplayFigures): number => (total === 0 ? 100 : Math.floor((done / total) * 100));

function detailOf({ done, total, perSecond, leftMs, reached }: ReplayFigures): string {
  const parts = [`${done} of ${total} records`];
  if (perSecond !== null) parts.push(`${Math.round(perSecond)}/s`);
  if (reached !== null) parts.push(`at ${formatRfc3339(reached)}`);
  if (leftMs !== null && done < total) parts.push(`${durationText(leftMs)} left`);
  return parts.join(', ');
}
