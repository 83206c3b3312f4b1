import type { Component } from 'svelte';
import type { Session } from '../feed/session.svelte.ts';
import MarketPage from '../page/MarketPage.svelte';

/** One page of the dashboard, and its place in the navigation. */
export interface Page {
  readonly path: string;
  readonly label: string;
  readonly component: Component<{ session: Session }>;
}

/** Every page, in the navigation's order; the first is the one that an unknown path shows. */
export const pages: readonly [Page, ...Page[]] = [{ path: '/', label: 'Market', component: MarketPage }];
