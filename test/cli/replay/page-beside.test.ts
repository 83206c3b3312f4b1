import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Status } from '../../../src/web/contract.ts';
import type { Replays } from '../../../src/web/replay-contract.ts';
import { diffFileOf } from '../../../src/web/server/replay/diff-folder.ts';
import { get, getUntil, pageOf } from '../../support/page.ts';
import { FEW_HOURS, processedFolder } from '../../support/processed-folder.ts';
import { type Ended, pulse, startPulse } from '../../support/pulse.ts';
import { pulseSucceeds } from '../../support/pulse-succeeds.ts';
import { spoilPrices } from '../../support/spoil-prices.ts';
import { TestPage } from '../../support/web/test-page.ts';

let folder: string;
const run = (...args: readonly string[]): Promise<Ended> => pulse(args, { PULSE_DATA_DIR: folder });
const succeeds = (...args: readonly string[]): Promise<Ended> => pulseSucceeds(args, { PULSE_DATA_DIR: folder });

beforeEach(async () => {
  folder = await processedFolder();
});

describe('the page beside a replay', () => {
  const serve = async (...args: readonly string[]): Promise<string> =>
    pageOf(startPulse(['web', '--port', '0', ...args], { PULSE_DATA_DIR: folder }));

  it('tells of it, of what the comparison found, and of its promotion', async () => {
    await succeeds('replay', '--no-lake', '--namespace', 'mine');
    await succeeds('ingest', '--source', 'recorded', '--file', FEW_HOURS, '--namespace', 'other');
    const page = await serve();
    const replays = (): Promise<Replays> => get(`${page}/api/replays`) as Promise<Replays>;
    const { of, replays: found, promotion, problems } = await replays();
    expect({ of, promotion, problems }).toEqual({ of: '', promotion: null, problems: [] });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      ...{ namespace: 'mine', of: '', from: 'earliest', done: 960, total: 960, isRunning: false, diff: null },
      eventTime: Date.parse('2023-12-01T07:59:59Z'),
    });
    expect(found[0]?.finishedAt).toBeGreaterThan(found[0]?.startedAt ?? Infinity);
    await spoilPrices(folder);
    expect(await run('diff', '.', 'mine')).toMatchObject({ code: 1 });
    const compared = await getUntil<Replays>(`${page}/api/replays`, (now) => now.replays[0]?.diff != null);
    expect(compared.replays[0]?.diff).toMatchObject({ a: '', b: 'mine', verdict: 'differ' });
    expect(compared.replays[0]?.diff?.tables[0]).toMatchObject({ table: 'prices', differing: 1, onlyA: 1 });
    expect(compared.replays[0]?.diff?.first.some(({ a, b }) => a?.['price'] !== b?.['price'])).toBe(true);
    await succeeds('replay', 'promote', 'mine');
    const promoted = await getUntil<Replays>(`${page}/api/replays`, (now) => now.promotion?.done === 4);
    expect(promoted.promotion).toEqual({ namespace: 'mine', done: 4, partitions: 4 });
    // A comparison with what was replayed before is none with what is now: on a cluster, who empties a namespace may work in
    // another folder, and the file stays in this one.
    const file = join(folder, 'diffs', diffFileOf('', 'mine'));
    const kept = readFileSync(file);
    await succeeds('replay', '--no-lake', '--again', '--namespace', 'mine');
    expect(existsSync(file)).toBe(false);
    writeFileSync(file, kept);
    const afresh = await getUntil<Replays>(
      `${page}/api/replays`,
      (now) => (now.replays[0]?.startedAt ?? 0) > (found[0]?.startedAt ?? 0),
    );
    expect(afresh.replays[0]?.diff).toBeNull();
  });

  it('has the names of its coins, and says that it is a replay', async () => {
    await succeeds('replay', '--no-lake');
    const page = await serve('--namespace', 'replay');
    await getUntil(`${page}/readyz`, () => true);
    const status = await getUntil<Status>(`${page}/api/status`, ({ replay }) => replay !== undefined);
    expect(status).toMatchObject({
      replay: { of: '', from: 'earliest' },
      source: { source: 'replay', state: 'ended' },
    });
    const watcher = new TestPage(page, {}, {});
    await watcher.until(() => watcher.names.size === 30, 'it knows the names');
    expect(watcher.names.get('bitcoin')).toMatchObject({ name: 'Bitcoin', symbol: 'BTC' });
    watcher.close();
  });
});
