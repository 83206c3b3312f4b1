import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { expectFailure } from '../../support/expect-failure.ts';
import { pulse, temporaryFolder } from '../../support/pulse.ts';

const given: Readonly<Record<string, readonly string[]>> = {
  '--from': ['--from', 'topic'],
  '--speed': ['--speed', '600'],
  '--port': ['--port', '1'],
  '--host': ['--host', '127.0.0.1'],
  '--again': ['--again'],
  '--no-lake': ['--no-lake'],
  '--diff': ['--diff'],
  '--status': ['--status'],
  '--json': ['--json'],
  '--namespace': ['--namespace', 'other'],
};

/** Every option that means nothing to what a command does. What the others do is tested where it is done. */
const refused: readonly (readonly [words: readonly string[], flags: readonly string[]])[] = [
  [['replay'], ['--port', '--host']],
  [
    ['replay', '--speed', '60'],
    ['--again', '--diff', '--status', '--json'],
  ],
  [
    ['replay', '--status'],
    ['--from', '--port', '--host', '--again', '--no-lake', '--diff'],
  ],
  [
    ['replay', 'promote', 'replay'],
    ['--from', '--speed', '--port', '--host', '--again', '--no-lake', '--status', '--namespace'],
  ],
  [['diff', '.', 'replay'], ['--namespace']],
];

describe('an option that means nothing to what is done', () => {
  it.each(refused)('is refused by pulse %j, with what it goes with: %j', async (words, flags) => {
    const folder = join(temporaryFolder(), 'data');
    for (const flag of flags) {
      const ended = await pulse([...words, ...(given[flag] ?? [])], { PULSE_DATA_DIR: folder });
      expectFailure(ended, 2, new RegExp(`^pulse: ${flag}(: | does not go with )`));
    }
    expect(existsSync(folder)).toBe(false);
  });
});
