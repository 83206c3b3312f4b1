import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ingestAndProcess, processAll } from '../support/commands-here.ts';
import { expectTables } from '../support/expect-tables.ts';
import { holdLog } from '../support/hold-log.ts';
import { FEW_HOURS, processedFolder } from '../support/processed-folder.ts';
import { pulse, startPulse, temporaryFolder } from '../support/pulse.ts';
import { quotesIn, untilMoreQuotesThan } from '../support/quotes-in.ts';

const RECORDED = ['--source', 'recorded', '--file', FEW_HOURS];

describe('SIGINT and SIGTERM', () => {
  it('let a server commit and end with 0, and a job that has an end with 130: the same command goes on', async () => {
    const env = { PULSE_DATA_DIR: temporaryFolder(), PULSE_PORT: '0' };
    const server = startPulse(['start', ...RECORDED, '--speed', '200'], env);
    await server.said(/the page is at/);
    await untilMoreQuotesThan(env.PULSE_DATA_DIR, 0);
    server.child.kill('SIGTERM');
    expect(await server.ended).toMatchObject({ code: 0, signal: null });

    const played = await quotesIn(env.PULSE_DATA_DIR);
    const job = startPulse(['ingest', ...RECORDED, '--speed', '200'], env);
    await untilMoreQuotesThan(env.PULSE_DATA_DIR, played);
    job.child.kill('SIGINT');
    const ended = await job.ended;
    expect(ended).toMatchObject({ code: 130, signal: null });
    expect(ended.stderr).toMatch(/stopped after \d+ quotes?; the same command goes on from there\n$/);

    const stages = startPulse(['process'], env);
    await stages.said(/processing; Ctrl-C ends/);
    stages.child.kill('SIGINT');
    expect(await stages.ended).toMatchObject({ code: 0, signal: null });

    await ingestAndProcess(env.PULSE_DATA_DIR, FEW_HOURS);
    await expectTables(env.PULSE_DATA_DIR, [FEW_HOURS]);
  });

  it('end a command whose disk hangs: the second at once, the first after twenty seconds', async () => {
    const folder = await processedFolder();
    const env = { PULSE_DATA_DIR: folder };
    const run = () => startPulse(['ingest', '--source', 'simulated', '--speed', '60', '--count', '1000000'], env);
    for (const [second, signal] of [
      ['SIGTERM', 'SIGTERM'],
      [undefined, 'SIGINT'],
    ] as const) {
      const before = await quotesIn(folder);
      const job = run();
      await untilMoreQuotesThan(folder, before);
      const release = await holdLog(join(folder, 'log'));
      await new Promise((wake) => setTimeout(wake, 300));
      job.child.kill('SIGINT');
      await new Promise((wake) => setTimeout(wake, 300));
      expect(job.child.exitCode).toBeNull();
      if (second !== undefined) job.child.kill(second);
      expect(await job.ended).toMatchObject({ code: null, signal });
      release();
    }
    await processAll(folder);
  });
});

describe('an exception that nobody expected', () => {
  it('ends the command with one line and 1, in good order', async () => {
    // Once the program has begun, whenever that is.
    const fault = `
      const looks = setInterval(() => {
        if (process.listenerCount('uncaughtException') === 0) return;
        clearInterval(looks);
        setTimeout(() => { throw new Error('out of the blue') }, 1500);
      }, 10).unref();`;
    const env = { PULSE_DATA_DIR: temporaryFolder(), PULSE_PORT: '0' };
    const faulty = { ...env, NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(fault)}` };
    for (const command of [
      ['start', ...RECORDED, '--speed', '2000'],
      ['ingest', ...RECORDED, '--speed', '2000'],
    ])
      expect(await pulse(command, faulty)).toMatchObject({
        code: 1,
        signal: null,
        stderr: expect.stringMatching(/^pulse: unexpected: out of the blue \(--verbose shows where\)\n/) as unknown,
      });
    await ingestAndProcess(env.PULSE_DATA_DIR, FEW_HOURS);
    await expectTables(env.PULSE_DATA_DIR, [FEW_HOURS]);
  });
});
