import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diffFileOf } from '../../src/web/server/replay/diff-folder.ts';
import { ingestAndProcess } from '../support/commands-here.ts';
import { expectFailure } from '../support/expect-failure.ts';
import { expectTables } from '../support/expect-tables.ts';
import { FEW_HOURS, processedFolder } from '../support/processed-folder.ts';
import { pulse, temporaryFolder } from '../support/pulse.ts';

const RECORDED = ['--source', 'recorded', '--file', FEW_HOURS];

/** Every file below the folder but LMDB's lock, which readers make. */
const everyFile = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => !path.endsWith('lock.mdb'))
    .sort();

describe('what is not there', () => {
  it('is said, with what to do: no data yet, no such namespace, no such topic', async () => {
    const env = { PULSE_DATA_DIR: temporaryFolder(), PULSE_PORT: '0' };
    const none = /there is no data in .* yet: run pulse start or pulse ingest first/;
    for (const command of [['topics', 'read', 'pulse.features_hourly'], ['web']])
      expectFailure(await pulse(command, env), 1, none);
    expect(existsSync(join(env.PULSE_DATA_DIR, 'log'))).toBe(false);
    mkdirSync(join(env.PULSE_DATA_DIR, 'namespaces', 'demo', 'log'), { recursive: true });
    const aDemo = /yet: run pulse start or pulse ingest first, or look at the demonstration's with --namespace demo$/m;
    expectFailure(await pulse(['topics', 'list'], env), 1, aDemo);
    const there = { PULSE_DATA_DIR: await processedFolder() };
    const elsewhere = ['--namespace', 'elsewhere', 'topics', 'list'];
    expectFailure(await pulse(elsewhere, there), 1, /there is no data in the namespace elsewhere \(.*\) yet/);
    const topic = await pulse(['topics', 'read', 'prices'], there);
    expectFailure(topic, 1, /no topic prices; there are: coingecko.markets, /);
  });
});

describe('a name that leads out of the namespaces', () => {
  it('is refused by all that takes one, and nothing is made, or removed', async () => {
    const folder = await processedFolder();
    const before = everyFile(folder);
    const env = { PULSE_DATA_DIR: folder };
    const wrong: readonly (readonly [name: string, ...words: string[]])[] = [
      ['..', 'replay', '--again', '--namespace', '..'],
      ['.', 'replay', '--namespace', '.'],
      ['../../out', 'replay', '--speed', '60', '--namespace', '../../out'],
      ['..', 'replay', 'promote', '..'],
      ['a b', 'diff', '.', 'a b'],
    ];
    for (const [name, ...words] of wrong) {
      const ended = await pulse(words, env);
      expectFailure(ended, 2, /^pulse: ".*" can't be a namespace: lower-case letters, digits, - and _, at most 41/);
      expect(ended.stderr).toContain(JSON.stringify(name));
    }
    expect(everyFile(folder)).toEqual(before);
    expect(existsSync(join(folder, '..', 'out'))).toBe(false);
  });
});

describe('a namespace that was made with other partitions', () => {
  it('is refused by what writes, with the number to set, and keeps its tables', async () => {
    const folder = await processedFolder();
    const env = { PULSE_DATA_DIR: folder, PULSE_PARTITIONS: '6', PULSE_PORT: '0' };
    const differ = /was made with 4 partitions, the settings say 6: set PULSE_PARTITIONS=4, or name another namespace/;
    for (const command of [['process'], ['start', ...RECORDED]]) expectFailure(await pulse(command, env), 1, differ);
    const described = await pulse(['topics', 'describe', 'pulse.prices_hourly'], env);
    expect(described).toMatchObject({ code: 0, stderr: '' });
    expect(described.stdout).toMatch(/^pulse.prices_hourly: 4 partitions, compacted\n {2}key: coin id\|hour\n/);
    await expectTables(folder, [FEW_HOURS]);
  });
});

describe('the namespace of the demonstration', () => {
  it('takes nobody’s data: the next demonstration would remove it', async () => {
    const env = { PULSE_DATA_DIR: temporaryFolder(), PULSE_NAMESPACE: 'demo', PULSE_PORT: '0' };
    for (const command of [['ingest', ...RECORDED], ['process'], ['start', ...RECORDED]])
      expectFailure(await pulse(command, env), 1, /the namespace demo is emptied by each demonstration: name another/);
    expect(existsSync(join(env.PULSE_DATA_DIR, 'namespaces'))).toBe(false);
  });
});

describe('pulse reset', () => {
  it('says what goes, takes that alone, and only when it is told to', async () => {
    const folder = await processedFolder();
    const env = { PULSE_DATA_DIR: folder };
    mkdirSync(join(folder, 'sample'));
    writeFileSync(join(folder, 'sample', 'market.ndjson'), '{}');
    const other = { ...env, PULSE_NAMESPACE: 'other' };
    await ingestAndProcess(folder, FEW_HOURS, 'other');

    const asked = await pulse(['reset'], env);
    expect(asked).toMatchObject({ code: 2, stdout: '' });
    expect(asked.stderr).toMatch(/^this removes the default namespace:\n {2}.*log .*MB\)\n {2}.*state .*MB\)\n/);
    expect(asked.stderr).toMatch(/pulse: nothing was removed: say --yes\n$/);
    await expectTables(folder, [FEW_HOURS]);

    expect(await pulse(['reset', '--yes'], env)).toMatchObject({ code: 0 });
    expect(['log', 'state', 'view'].filter((name) => existsSync(join(folder, name)))).toEqual([]);
    expect(existsSync(join(folder, 'sample', 'market.ndjson'))).toBe(true);
    const again = await pulse(['reset', '--yes'], env);
    expect(again).toMatchObject({ code: 0, stderr: `the default namespace holds nothing in ${folder}\n` });
    await expectTables(join(folder, 'namespaces', 'other'), [FEW_HOURS], 'other');

    expect(await pulse(['reset', '--yes'], other)).toMatchObject({ code: 0 });
    expect(existsSync(join(folder, 'namespaces', 'other', 'log'))).toBe(false);
  });

  it('takes the comparisons that the namespace was one side of, and no others', async () => {
    const folder = await processedFolder();
    const env = { PULSE_DATA_DIR: folder };
    mkdirSync(join(folder, 'diffs'));
    for (const [a, b] of [
      ['', 'one'],
      ['two', 'one'],
      ['', 'one-two'],
    ] as const)
      writeFileSync(join(folder, 'diffs', diffFileOf(a, b)), '{}');
    const kept = (): readonly string[] => readdirSync(join(folder, 'diffs')).sort();
    expect(kept()).toEqual(['_default.one-two.json', '_default.one.json', 'two.one.json']);
    const asked = await pulse(['reset', '--namespace', 'one'], env);
    expect(asked.stderr).toMatch(/_default\.one\.json, a comparison with another namespace\n.*two\.one\.json/);
    expect(kept()).toHaveLength(3);
    expect(await pulse(['reset', '--namespace', 'one', '--yes'], env)).toMatchObject({ code: 0 });
    expect(kept()).toEqual(['_default.one-two.json']);
    expect(await pulse(['reset', '--yes'], env)).toMatchObject({ code: 0 });
    expect(kept()).toEqual([]);
  });
});
