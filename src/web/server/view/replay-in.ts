import type { ViewTable } from '../../../state/view-store.ts';
import { FROZEN_KEY, parseFrozenInput } from '../../../streams/replay/frozen-input.ts';
import type { PlayedReplay } from '../../replay-contract.ts';

/** What the namespace replays, as its positions have it; undefined where it is none, or what it says can't be read. */
export function replayIn(positions: ViewTable<{ readonly position: unknown }>): PlayedReplay | undefined {
  const found = positions.get([FROZEN_KEY]);
  if (found === undefined) return undefined;
  try {
    const { of, source: from, startedAt, finishedAt } = parseFrozenInput(found.position, 'pulse.positions');
    return {
      of,
      from,
      startedAt: Date.parse(startedAt),
      finishedAt: finishedAt === null ? null : Date.parse(finishedAt),
    };
  } catch {
    return undefined;
  }
}
