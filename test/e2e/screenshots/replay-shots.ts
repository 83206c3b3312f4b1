import { NEVER } from 'rxjs';
import type { ReplayState, Timelapse } from '../../../src/web/replay-contract.ts';
import { sampleReplays } from '../../support/web/sample-replays.ts';
import { desktop, phone, wall } from '../support/browser.ts';
import { begin, hours, HOUR_MS } from '../support/playing.ts';
import type { Shot } from './shot.ts';

const every = [phone, desktop, wall];
const finding = (replays: readonly ReplayState[]): NonNullable<Shot['server']> => {
  const found = { replays, problems: [] };
  return () => ({ replays: { read: () => Promise.resolve(found) } });
};
const playing: Timelapse = {
  ...{ of: '', from: begin, to: begin + 336 * HOUR_MS, at: begin + 160 * HOUR_MS },
  ...{ speed: 600, isPaused: false, state: 'playing', target: null },
};

/** The page of replays in every state, and a time-lapse. */
export const replayShots: readonly Shot[] = [
  { name: 'replay', at: '/replay', sizes: every, isWhole: true, server: finding(sampleReplays()) },
  { name: 'replay-empty', at: '/replay', sizes: [phone, desktop], server: finding([]) },
  {
    name: 'replay-failed',
    at: '/replay',
    sizes: [desktop],
    prepare: (page) => page.route('**/api/replays', (route) => route.fulfill({ status: 500, json: {} })),
  },
  {
    name: 'replay-loading',
    at: '/replay',
    sizes: [desktop],
    prepare: (page) => page.route('**/api/replays', () => undefined),
  },
  {
    name: 'timelapse',
    sizes: every,
    arrange: async ({ feeder }) => {
      await feeder.publish(hours(0, 160));
      await feeder.report({ source: 'replay', kind: 'played', event_time: new Date(begin).toISOString() });
    },
    server: () => ({ timelapse: { state: () => playing, wish: () => undefined, changes: NEVER } }),
  },
];
