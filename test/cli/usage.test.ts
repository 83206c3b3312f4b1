import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { expectFailure } from '../support/expect-failure.ts';
import { pulse, temporaryFolder } from '../support/pulse.ts';

const commands: readonly (readonly [words: readonly string[], options: readonly string[]])[] = [
  [[], ['--settings', '--namespace', '--data-dir', '--verbose', '--version']],
  [['start'], ['--source', '--file', '--speed', '--port', '--host']],
  [['ingest'], ['--source', '--file', '--speed', '--again', '--count', '--seed', '--coins', '--skew']],
  [['process'], ['--until-caught-up', '--workers']],
  [['web'], ['--port', '--host']],
  [['topics'], ['list', 'create', 'describe', 'read']],
  [['topics', 'list'], []],
  [['topics', 'create'], []],
  [['topics', 'describe'], ['<topic>']],
  [
    ['topics', 'read'],
    ['--from', '--follow', '--latest-per-key', '--key', '--limit'],
  ],
  [
    ['skew-lab'],
    [
      '--strategy',
      '--workload',
      '--records',
      '--keys',
      '--exponent',
      '--hot-share',
      '--tasks',
      '--workers',
      '--work',
      '--seed',
      '--json',
    ],
  ],
  [['doctor'], []],
  [['reset'], ['--yes']],
];

/** A misuse of each kind; the others are tested where they are told apart. */
const wrong: readonly (readonly [args: readonly string[], why: RegExp])[] = [
  [['frobnicate'], /unknown command 'frobnicate'; see pulse --help/],
  [['topics', 'read'], /missing required argument 'topic'; see pulse topics read --help/],
  [['topics', 'list', 'all'], /too many arguments/],
  [['start', '--speeed', '2'], /unknown option '--speeed' \(Did you mean --speed\?\); see pulse start --help/],
  [['start', '--port', '65536'], /--port <port>' argument '65536' is invalid. .* from 0 to 65535;/],
  [['ingest'], /'--source <source>' not specified; see pulse ingest --help/],
  [['ingest', '--source', 'binance'], /Allowed choices are coingecko, recorded, simulated;/],
  [['start', '--source', 'recorded'], /needs the file to play: --file F/],
  [['--namespace', 'Mine', 'topics', 'list'], /--namespace can't be "Mine": lower-case letters/],
];

describe('the command line', () => {
  it('explains every command and each of its options on --help', async () => {
    for (const [words, options] of commands) {
      const ended = await pulse([...words, '--help']);
      expect(ended).toMatchObject({ code: 0, stderr: '' });
      expect(ended.stdout).toContain(`Usage: ${['pulse', ...words].join(' ')}`);
      for (const option of options) expect(ended.stdout).toContain(option);
      for (const line of ended.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    }
  });

  it('says its version, and what there is where no command is named', async () => {
    const version = await pulse(['--version']);
    expect(version.code).toBe(0);
    expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    const bare = await pulse([]);
    expect(bare).toMatchObject({ code: 2, stdout: '' });
    expect(bare.stderr).toContain('Usage: pulse');
  });

  it('refuses wrong usage with one line and 2, before it touches anything', async () => {
    const folder = join(temporaryFolder(), 'data');
    for (const [args, why] of wrong) expectFailure(await pulse(args, { PULSE_DATA_DIR: folder }), 2, why);
    expect(existsSync(folder)).toBe(false);
  });
});
