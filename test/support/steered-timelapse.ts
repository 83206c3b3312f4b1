import { io, type Socket } from 'socket.io-client';
import { onTestFinished } from 'vitest';
import type { ClientToServer, ServerToClient, Status } from '../../src/web/contract.ts';
import type { TimelapseAnswer, TimelapseWish } from '../../src/web/replay-contract.ts';
import { get, getUntil } from './page.ts';

/** A time-lapse as somebody sees it who may steer it. */
export interface Steered {
  readonly url: string;
  wish(wish: TimelapseWish): Promise<TimelapseAnswer>;
  /** Resolves when the time-lapse is like that, and all that has come is in the tables. */
  is(isWanted: (timelapse: NonNullable<Status['timelapse']>, status: Status) => boolean): Promise<Status>;
}

/** Opens a connection to it, until the test has ended. */
export function steered(url: string): Steered {
  const socket: Socket<ServerToClient, ClientToServer> = io(url, {
    transports: ['websocket'],
    reconnectionDelay: 100,
    reconnectionDelayMax: 100,
  });
  onTestFinished(() => void socket.close());
  return {
    url,
    wish: (wish) => new Promise((resolve) => socket.emit('timelapse', wish, resolve)),
    is: async (isWanted) => {
      for (;;) {
        const status = await get(`${url}/api/status`).catch(() => undefined);
        const { timelapse } = (status ?? {}) as Partial<Status>;
        if (timelapse && isWanted(timelapse, status as Status)) return status as Status;
        await new Promise((wake) => setTimeout(wake, 30));
      }
    },
  };
}

/** A stage's lag is as of its last batch: what the one before has just committed it may not have seen, until its next report. */
const LOOKS_AT_REST = 60;

/** Resolves when so many quotes are in the tables, and in what the page reads, and nothing moves any more. */
export const settled = async (timelapse: Steered, records: number): Promise<void> => {
  // Looks that are 50 ms apart, not time: in a machine that stands still nobody reports.
  let [seen, looks] = ['', 0];
  await getUntil<Status>(`${timelapse.url}/api/status`, ({ stages, view }) => {
    const combined = stages.find(({ stage }) => stage === 'combine')?.records;
    const isThere = combined === records && stages.every(({ lag }) => lag === 0) && view.behind === 0;
    const now = isThere ? stages.map(({ records: count }) => count).join() : '';
    [seen, looks] = now === seen ? [seen, looks + 1] : [now, 0];
    return isThere && looks >= LOOKS_AT_REST;
  });
};
