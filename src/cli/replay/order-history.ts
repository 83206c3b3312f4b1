import type { FrozenInput } from '../../streams/replay/frozen-input.ts';
import type { History } from '../../streams/replay/history.ts';
import { ReplayProgress } from '../../streams/replay/replay-progress.ts';
import { OrderedHistory } from '../../streams/replay/timelapse/ordered-history.ts';
import type { Context } from '../context.ts';
import { createReplayMeter } from './replay-meter.ts';

/** What takes no longer is not told of. */
const MOMENT_MS = 1_000;
const SHOWN_EVERY_MS = 200;

/** Puts the quotes in the order in which they were seen, and says how far that is; in part, where a signal comes meanwhile. */
export async function orderHistory(
  { clock, signal, out }: Pick<Context, 'clock' | 'signal' | 'out'>,
  history: History,
  ranges: FrozenInput['ranges'],
  folder: string,
): Promise<OrderedHistory> {
  const meter = createReplayMeter(out, false);
  const progress = new ReplayProgress(ranges);
  const positions: number[] = [];
  const begun = clock.now();
  let shown: number | undefined;
  try {
    return await OrderedHistory.open({
      ...{ history, partitions: ranges.length, folder, signal },
      onBatch({ partition, nextOffset }) {
        positions[partition] = nextOffset;
        const now = clock.now();
        if (now < (shown ?? begun + MOMENT_MS - SHOWN_EVERY_MS) + SHOWN_EVERY_MS) return;
        if (shown === undefined) meter.say('putting the quotes in the order in which they were seen');
        shown = now;
        meter.show(progress.look(now, positions, null));
      },
    });
  } finally {
    meter.end();
  }
}
