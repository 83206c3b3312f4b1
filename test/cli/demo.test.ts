import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Status } from '../../src/web/contract.ts';
import { closedPort } from '../support/closed-port.ts';
import { expectFailure } from '../support/expect-failure.ts';
import { get, getUntil, pageOf } from '../support/page.ts';
import { pulse, startPulse, temporaryFolder } from '../support/pulse.ts';

interface Hours {
  readonly rows: readonly { readonly ts: string; readonly observations: number }[];
}

describe('pulse start without a network', () => {
  it('plays the recorded market in the namespace demo, says so, and begins afresh each time', async () => {
    const env = {
      PULSE_DATA_DIR: temporaryFolder(),
      PULSE_PORT: '0',
      PULSE_COINGECKO_URL: `http://127.0.0.1:${await closedPort()}`,
    };
    for (let time = 0; time < 2; time++) {
      const running = startPulse(['start'], env);
      await running.said(/CoinGecko can’t be reached from here and there is no data yet: playing the recorded market/);
      const page = await pageOf(running);
      await getUntil(`${page}/readyz`, () => true);
      const { movers } = await getUntil<{ movers: readonly { as_of: string }[] }>(
        `${page}/api/movers`,
        (found) => found.movers.filter(({ as_of }) => as_of >= '2023-12-04T23').length === 30,
      );
      expect(movers).toHaveLength(30);
      const { namespace, source } = (await get(`${page}/api/status`)) as Status;
      expect({ namespace, ...source }).toMatchObject({
        namespace: 'demo',
        kind: 'played',
        source: 'recorded',
        speed: 900,
      });
      expect(source?.message).toMatch(
        /^CoinGecko can’t be reached: this is the recorded market of December 2023, played/,
      );
      // A market that was played twice would have counted each quote twice.
      const { rows } = (await get(`${page}/api/prices/bitcoin?to=2023-12-01T05:00:00Z`)) as Hours;
      expect(rows.map(({ observations }) => observations)).toEqual([4, 4, 4, 4, 4]);
      running.child.kill('SIGINT');
      expect(await running.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
    }
    expect(existsSync(join(env.PULSE_DATA_DIR, 'log'))).toBe(false);
    const other = await pulse(['start'], { ...env, PULSE_DEMO_FILE: '/none.ndjson' });
    expectFailure(other, 1, /there is no file \/none.ndjson to play/);
  });
});
