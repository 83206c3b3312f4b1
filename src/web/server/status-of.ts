import type { Status } from '../contract.ts';
import type { Timelapse } from '../replay-contract.ts';
import type { ViewStatus } from '../view-status.ts';
import type { MarketView } from './view/market-view.ts';
import { replayIn } from './view/replay-in.ts';

/** How the source, the stages and the view itself are; `timelapse` is what this server plays, where it plays one. */
export function statusOf(namespace: string, view: MarketView, status: ViewStatus, timelapse?: Timelapse): Status {
  const replay = replayIn(view.positions);
  return {
    namespace,
    source: view.tasks.source(),
    stages: view.tasks.stages(),
    view: status,
    deadLetters: view.deadLetters(),
    ...(timelapse && { timelapse }),
    ...(replay && { replay }),
  };
}
