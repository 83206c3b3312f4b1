import { expect, it } from 'vitest';
import { PulseError } from '../../../src/errors.ts';
import type { IngestOutcome, IngestSource } from '../../../src/streams/1-ingest/ingest-source.ts';
import { persistentSource } from '../../../src/streams/1-ingest/persistent-source.ts';

const away = new PulseError('log-unavailable', 'no broker answers');
const finished: IngestOutcome = { kind: 'finished', records: 3 };

/** A source whose runs fail with these errors, one after the other, and then finish. */
function failing(...errors: readonly Error[]): { source: IngestSource; runs: () => number } {
  const left = [...errors];
  let runs = 0;
  const run = async (): Promise<IngestOutcome> => {
    runs++;
    const error = left.shift();
    if (error !== undefined) throw error;
    return finished;
  };
  return { source: { run }, runs: () => runs };
}

const { signal } = new AbortController();

it('runs a source again after what may pass, waiting longer each time up to ten seconds, and says so', async () => {
  const { source, runs } = failing(...Array<Error>(7).fill(away));
  const slept: number[] = [];
  const said: string[] = [];
  const logger = { info: () => undefined, warn: (line: string) => said.push(line) };
  const persistent = persistentSource(source, async (ms) => void slept.push(ms), logger);
  expect(await persistent.run(signal)).toBe(finished);
  expect(runs()).toBe(8);
  expect(slept).toEqual([500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
  expect(said[0]).toBe('the source was interrupted and goes on in 500 ms: no broker answers');
});

it.each([new PulseError('fenced', 'another run'), new TypeError('nobody expected this')])(
  'ends with what does not pass: %s',
  async (error) => {
    const { source, runs } = failing(error);
    await expect(persistentSource(source, async () => undefined, undefined).run(signal)).rejects.toBe(error);
    expect(runs()).toBe(1);
  },
);

it('ends when it is stopped while no broker answers', async () => {
  const stop = new AbortController();
  const { source, runs } = failing(away, away);
  const sleep = async (): Promise<void> => stop.abort();
  await expect(persistentSource(source, sleep, undefined).run(stop.signal)).rejects.toBe(away);
  expect(runs()).toBe(2);
});
