import type { Component } from 'svelte';
import type { PagePath } from '../../contract.ts';
import type { Session } from '../feed/session.svelte.ts';
import MarketPage from '../market-page/MarketPage.svelte';

type Content = Component<{ session: Session }>;

/** One page of the dashboard, and its place in the navigation. */
export interface Page {
  readonly path: PagePath;
  readonly label: string;
  /** The market's is there from the beginning; every other one is a file of its own, loaded once. */
  readonly load: () => Content | Promise<Content>;
}

/** Loads when it is first asked; after a failure it is tried again. */
function lazily(load: () => Promise<{ readonly default: Content }>): Page['load'] {
  let loaded: Promise<Content> | Content | undefined;
  return () =>
    (loaded ??= load().then(
      ({ default: content }) => (loaded = content),
      (error: unknown) => {
        loaded = undefined;
        throw error;
      },
    ));
}

/** Every page, in the navigation's order; the first is the one that an unknown path shows. */
export const pages: readonly [Page, ...Page[]] = [
  { path: '/', label: 'Market', load: () => MarketPage },
  { path: '/pipeline', label: 'Pipeline', load: lazily(() => import('../pipeline/PipelinePage.svelte')) },
  { path: '/lake', label: 'Lake', load: lazily(() => import('../lake/LakePage.svelte')) },
  { path: '/skew', label: 'Skew', load: lazily(() => import('../skew/SkewPage.svelte')) },
  { path: '/replay', label: 'Replay', load: lazily(() => import('../replay/ReplayPage.svelte')) },
];
