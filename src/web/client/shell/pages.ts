import type { Component } from 'svelte';
import type { PagePath } from '../../contract.ts';
import type { Session } from '../feed/session.svelte.ts';
import LakePage from '../lake/LakePage.svelte';
import MarketPage from '../market-page/MarketPage.svelte';
import PipelinePage from '../pipeline/PipelinePage.svelte';
import SkewPage from '../skew/SkewPage.svelte';

/** One page of the dashboard, and its place in the navigation. */
export interface Page {
  readonly path: PagePath;
  readonly label: string;
  readonly component: Component<{ session: Session }>;
}

/** Every page, in the navigation's order; the first is the one that an unknown path shows. */
export const pages: readonly [Page, ...Page[]] = [
  { path: '/', label: 'Market', component: MarketPage },
  { path: '/pipeline', label: 'Pipeline', component: PipelinePage },
  { path: '/lake', label: 'Lake', component: LakePage },
  { path: '/skew', label: 'Skew', component: SkewPage },
];
