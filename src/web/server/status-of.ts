import type { Status } from '../contract.ts';
import type { ViewStatus } from '../view-status.ts';
import type { MarketView } from './view/market-view.ts';

/** How the source, the stages and the view itself are. */
export const statusOf = (namespace: string, view: MarketView, status: ViewStatus): Status => ({
  namespace,
  source: view.tasks.source(),
  stages: view.tasks.stages(),
  view: status,
  deadLetters: view.deadLetters(),
});
