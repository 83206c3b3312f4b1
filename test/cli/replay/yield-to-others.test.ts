import { spawnSync } from 'node:child_process';
import { constants } from 'node:os';
import { expect, it } from 'vitest';

const module = new URL('../../../src/cli/replay/yield-to-others.ts', import.meta.url).href;
const PROGRAM = `
  import { existsSync, readdirSync } from 'node:fs';
  import { getPriority } from 'node:os';
  import { yieldToOthers } from ${JSON.stringify(module)};
  yieldToOthers();
  const threads = existsSync('/proc/self/task') ? readdirSync('/proc/self/task').map(Number) : [0];
  console.log(JSON.stringify(threads.map((thread) => getPriority(thread))));
`;

it('lowers the priority of every thread, of those too that were there before', () => {
  const args = ['--import', 'tsx', '--input-type=module', '--eval', PROGRAM];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  const priorities = JSON.parse(stdout || 'null') as readonly number[] | null;
  expect(priorities?.length, stderr).toBeGreaterThan(0);
  expect(new Set(priorities)).toEqual(new Set([constants.priority.PRIORITY_LOW]));
});
