import { mkdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LabFolder } from '../../../src/web/server/skew/lab-folder.ts';
import type { LabRuns } from '../../../src/web/skew-contract.ts';
import { sampleLab } from '../../support/web/sample-lab.ts';
import { WebHarness } from '../../support/web/web-harness.ts';

let harness: WebHarness;
let folder: string;
let url: string;
beforeEach(async () => {
  harness = await WebHarness.create();
  folder = join(harness.folder(), 'skew-lab');
  ({ url } = await harness.serve({ skewLab: new LabFolder(folder) }));
});
afterEach(() => harness.close());

const lay = (name: string, content: unknown, second = 0): void => {
  mkdirSync(folder, { recursive: true });
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  writeFileSync(join(folder, name), text);
  utimesSync(join(folder, name), 1_700_000_000 + second, 1_700_000_000 + second);
};
const runs = async (): Promise<LabRuns['runs']> =>
  ((await (await fetch(`${url}/api/skew-lab`)).json()) as LabRuns).runs;
const report = (id: string): Promise<Response> => fetch(`${url}/api/skew-lab/${id}`);

describe('the lab’s reports', () => {
  it('are listed, the newest first, each with what was run, and come as the lab wrote them', async () => {
    expect(await runs()).toEqual([]);
    lay('a.json', sampleLab());
    lay('b.json', { ...sampleLab(), isIdentical: false }, 5);
    const { spec } = sampleLab();
    expect(await runs()).toEqual([
      { id: 'b.json', at: 1_700_000_005_000, spec, problem: null },
      { id: 'a.json', at: 1_700_000_000_000, spec, problem: null },
    ]);
    expect(await (await report('a.json')).json()).toEqual(sampleLab());
    // One that takes another's place is looked at anew, one that is gone is gone.
    lay('b.json', { ...sampleLab(), spec: { ...spec, seed: 'two' } }, 7);
    rmSync(join(folder, 'a.json'));
    expect((await runs()).map((run) => [run.id, run.spec?.seed])).toEqual([['b.json', 'two']]);
    expect((await report('a.json')).status).toBe(404);
  });

  it('that are none are said to be none, and served to nobody', async () => {
    const lab = sampleLab();
    const [first] = lab.strategies;
    const wrong: Readonly<Record<string, unknown>> = {
      'not.json': '{',
      'empty.json': {},
      'infinite.json': JSON.stringify(lab).replace('"makespan":{"measuredMs":', '"makespan":{"measuredMs":1e999,"x":'),
      'negative.json': { ...lab, recordBytes: -1 },
      'twice.json': { ...lab, strategies: [first, first] },
      'long.json': { ...lab, strategies: [{ ...first, waves: Array(1001).fill({ startedMs: 0, tookMs: 0 }) }] },
      'none.json': { ...lab, strategies: [] },
      'hash.json': { ...lab, strategies: [{ ...first, hash: '<img src=x onerror=alert(1)>' }] },
    };
    for (const [name, content] of Object.entries(wrong)) lay(name, content);
    for (const { id, spec, problem } of await runs()) {
      expect([id, spec]).toEqual([id, null]);
      expect(problem).toMatch(
        /^it is (not JSON|no report of the lab: [\w.]+ is not as it should be|no report.*the whole)/,
      );
      expect((await report(id)).status).toBe(422);
    }
    expect(await runs()).toHaveLength(Object.keys(wrong).length);
  });

  it('hold nothing hidden, and nothing that the page does not know', async () => {
    const lab = sampleLab();
    const hostile = { ...lab, spec: { ...lab.spec, seed: `\u202e<b>${'x'.repeat(500)}` }, more: 'x'.repeat(100_000) };
    lay('hostile.json', hostile);
    const served = await (await report('hostile.json')).text();
    expect(served).not.toContain('xxx"more"');
    expect(served.length).toBeLessThan(JSON.stringify(lab).length + 500);
    expect((JSON.parse(served) as typeof lab).spec.seed).toMatch(/^⟨U\+202E⟩<b>x{190,200}$/);
  });

  it('are files of the folder itself: no path, no link, no folder leads to another', async () => {
    lay('ok.json', sampleLab());
    const secret = join(folder, '..', 'secret.json');
    writeFileSync(secret, JSON.stringify(sampleLab()));
    symlinkSync(secret, join(folder, 'link.json'));
    mkdirSync(join(folder, 'folder.json'));
    lay('.hidden.json', sampleLab());
    lay('other.txt', sampleLab());
    expect((await runs()).map(({ id }) => id)).toEqual(['ok.json']);
    for (const path of [
      'link.json',
      'folder.json',
      '..%2Fsecret.json',
      '../secret.json',
      '.hidden.json',
      'ok.json/x',
      '',
    ])
      expect([path, (await report(path)).status]).toEqual([path, 404]);
  });

  it('are fifty at most in the list', async () => {
    for (let i = 0; i < 55; i++) lay(`${i}.json`, '{}', i);
    expect(await runs()).toHaveLength(50);
    expect((await runs())[0]?.id).toBe('54.json');
  });
});
