import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { io } from 'socket.io-client';
import { TimelapseControl } from '../../../src/cli/replay/timelapse-control.ts';
import { ManualTime } from '../../support/manual-time.ts';
import { WebHarness } from '../../support/web/web-harness.ts';

let harness: WebHarness;
beforeEach(async () => {
  harness = await WebHarness.create();
});
afterEach(() => harness.close());

const control = () => {
  const made = new TimelapseControl({ of: '', from: 0, to: 1000, speed: 600, clock: new ManualTime() });
  made.begin();
  return made;
};

/** Somebody who asks, on a connection that ends with the test. */
function asker(url: string): { readonly ask: (wish: unknown) => Promise<unknown>; readonly close: () => void } {
  const socket = io(url, { transports: ['websocket'], reconnection: false, forceNew: true });
  return {
    ask: (wish) => new Promise((resolve) => socket.emit('timelapse', wish, resolve)),
    close: () => void socket.close(),
  };
}

describe('a wish for the time-lapse', () => {
  it('is refused where none is played, which the status does not tell of', async () => {
    const { url } = await harness.serve();
    const page = harness.page(url);
    await page.until(() => page.heard.length > 0, 'it is told');
    expect(page.heard[0]?.frame.status).not.toHaveProperty('timelapse');
    const { ask, close } = asker(url);
    expect(await ask({ kind: 'pause', isPaused: true })).toMatchObject({ kind: 'refused' });
    close();
  });

  it('is done, answered, and told to everyone', async () => {
    const timelapse = control();
    const { url } = await harness.serve({ timelapse });
    const page = harness.page(url);
    await page.until(() => page.heard.length > 0, 'it is told');
    const { ask, close } = asker(url);
    expect(await ask({ kind: 'speed', speed: 60 })).toMatchObject({ kind: 'timelapse', timelapse: { speed: 60 } });
    await page.until(() => page.batches.some(({ status }) => status?.timelapse?.speed === 60), 'it is told');
    close();
  });

  it.each([
    [null],
    ['pause'],
    [{ kind: 'stop' }],
    [{ kind: 'pause', isPaused: 1 }],
    [{ kind: 'speed', speed: 0 }],
    [{ kind: 'speed', speed: 1e9 }],
    [{ kind: 'speed', speed: null }],
    [{ kind: 'seek', to: 'now' }],
    [{ kind: 'seek', to: 1e300 }],
    [{ kind: 'seek', to: 5, also: 1 }],
  ])('is refused where it is %j', async (wish) => {
    const timelapse = control();
    const { url } = await harness.serve({ timelapse });
    const before = timelapse.state();
    const { ask, close } = asker(url);
    expect(await ask(wish)).toMatchObject({ kind: 'refused' });
    expect(timelapse.state()).toEqual(before);
    close();
  });

  it('is refused where too many come', async () => {
    const { url } = await harness.serve({ timelapse: control(), limits: { requests: { burst: 3, perSecond: 0.001 } } });
    const { ask, close } = asker(url);
    const answers = await Promise.all([1, 2, 3, 4].map((speed) => ask({ kind: 'speed', speed })));
    expect(answers.map((answer) => (answer as { kind: string }).kind)).toEqual([
      'timelapse',
      'timelapse',
      'timelapse',
      'refused',
    ]);
    close();
  });
});
