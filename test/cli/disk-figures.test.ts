import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FEW_HOURS } from '../support/processed-folder.ts';
import { getUntil, pageOf } from '../support/page.ts';
import { startPulse, temporaryFolder } from '../support/pulse.ts';
import { diskFigures } from '../../src/cli/disk-figures.ts';
import { LakeFolder } from '../support/lake/lake-folder.ts';
import { loadConfig } from '../../src/config.ts';
import { ManualTime } from '../support/manual-time.ts';
import type { Context } from '../../src/cli/context.ts';
import { TestPage } from '../support/web/test-page.ts';
import { positionActions } from '../../src/streams/5-lake/sink/table-positions.ts';

const contextOf = (folder: string): Context => ({
  config: loadConfig({ environment: { PULSE_DATA_DIR: folder } }),
  clock: new ManualTime(),
  signal: new AbortController().signal,
  owner: 'test',
  out: { isTerminal: false, result: () => Promise.resolve(true), say: () => undefined },
});

describe('the figures of the disk', () => {
  it('are what the folders take of it, in all their depth; those that are not there are not told', async () => {
    const folder = temporaryFolder();
    const { stores, sinks } = await diskFigures(contextOf(folder), new LakeFolder(folder).reader());
    expect({ stores, sinks }).toEqual({ stores: [], sinks: [] });
    mkdirSync(join(folder, 'state', '1'), { recursive: true });
    writeFileSync(join(folder, 'state', '1', 'data'), Buffer.alloc(100_000, 1));
    writeFileSync(join(folder, 'state', '1.owner'), Buffer.alloc(10_000, 1));
    const [state, ...others] = (await diskFigures(contextOf(folder), new LakeFolder(folder).reader())).stores;
    expect(others).toEqual([]);
    expect(state?.name).toBe('state');
    expect(state?.bytes).toBeGreaterThanOrEqual(110_000);
    expect(state?.bytes).toBeLessThan(140_000);
  });

  it('tell how far each table of the lake has come, and nothing of one that nobody has written', async () => {
    const folder = temporaryFolder();
    const lake = new LakeFolder(folder);
    const delta = await lake.addSilver('bitcoin', 1);
    const to = new Map([
      [0, 12],
      [3, 7],
    ]);
    const txns = positionActions('ns.pulse.prices_hourly', new Map(), to, 0);
    const foreign = { txn: { appId: 'some other program', version: 4, lastUpdated: 0 } };
    expect(await delta.commit([...txns, foreign], { operation: 'WRITE' })).toBe(true);
    const { sinks } = await diskFigures(contextOf(folder), lake.reader());
    expect(sinks).toEqual([{ topic: 'ns.pulse.prices_hourly', positions: to }]);
  });
});

describe('pulse start', () => {
  it('tells the sizes of its stores, and how far the lake is behind, while somebody looks', async () => {
    const folder = temporaryFolder();
    const env = { PULSE_DATA_DIR: folder, PULSE_PORT: '0', PULSE_LAKE_FLUSH_INTERVAL_MS: '1000' };
    const running = startPulse(['start', '--source', 'recorded', '--file', FEW_HOURS, '--speed', 'max'], env);
    const url = await pageOf(running);
    const page = new TestPage(url, {}, {});
    await page.snapshot();
    await page.ask('pipeline', true);
    interface Told {
      readonly stores: readonly { readonly name: string; readonly bytes: number }[];
      readonly edges: readonly { readonly label: string; readonly reader: string; readonly lag: number | null }[];
    }
    const lagOf = ({ edges }: Told, label: string): number | null | undefined =>
      edges.find((edge) => edge.label === label && edge.reader === 'lake')?.lag;
    const told = await getUntil<Told>(`${url}/api/pipeline`, (one) => lagOf(one, 'coingecko.markets') === 0);
    expect(told.stores.map(({ name }) => name)).toEqual(['log', 'state', 'view']);
    for (const { bytes } of told.stores) expect(bytes).toBeGreaterThan(10_000);
    page.close();
    running.child.kill('SIGINT');
    expect(await running.ended).toMatchObject({ code: 0 });
  });
});
