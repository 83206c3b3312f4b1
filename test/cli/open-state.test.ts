import { asyncScheduler } from 'rxjs';
import { expect, it } from 'vitest';
import { openState } from '../../src/cli/open-state.ts';
import { loadConfig } from '../../src/config.ts';
import { createMemoryLog } from '../../src/streams/log/memory/memory-log.ts';
import { topicNames, topicSpecs } from '../../src/streams/topics.ts';
import { temporaryFolder } from '../support/pulse.ts';

it('state of a changelog that was removed and made anew is not used, however long the new one is', async () => {
  const said: string[] = [];
  const config = loadConfig({ environment: { PULSE_DATA_DIR: temporaryFolder() } });
  const out = { isTerminal: false, result: () => Promise.resolve(true), say: (line: string) => void said.push(line) };
  const context = { config, clock: asyncScheduler, signal: new AbortController().signal, owner: 'test', out };
  const log = createMemoryLog();
  await log.topics.ensure(topicSpecs('', 1));
  const applied = async (): Promise<number | undefined> => {
    const { state, close } = await openState(context, log);
    const found = state.meta(0)?.applied;
    await state.transaction(() => state.putMeta(0, { applied: 7 }));
    await close();
    return found;
  };
  expect([await applied(), await applied(), said]).toEqual([undefined, 7, []]);
  await log.topics.remove([topicNames('').prices]);
  await log.topics.ensure(topicSpecs('', 1));
  expect(await applied()).toBeUndefined();
  expect(said).toEqual([expect.stringMatching(/^the state in .* is of a changelog that was removed and made anew: /)]);
  expect(await applied()).toBe(7);
});
