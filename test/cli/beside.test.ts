import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { closedPort } from '../support/closed-port.ts';
import { ingestAndProcess, processAll } from '../support/commands-here.ts';
import { expectFailure } from '../support/expect-failure.ts';
import { expectTables } from '../support/expect-tables.ts';
import { FEW_HOURS } from '../support/processed-folder.ts';
import { type PrintedRecord, pulse, startPulse, temporaryFolder } from '../support/pulse.ts';
import { quotesIn, untilMoreQuotesThan } from '../support/quotes-in.ts';

const RECORDED = ['--source', 'recorded', '--file', FEW_HOURS];

describe('beside a running start', () => {
  it('writers are refused, readers read on, and the running one is none the worse', async () => {
    const folder = temporaryFolder();
    const env = { PULSE_DATA_DIR: folder, PULSE_PORT: '0' };
    const running = startPulse(['start', ...RECORDED, '--speed', '200'], env);
    await running.said(/the page is at/);
    await untilMoreQuotesThan(folder, 0);

    const locked = new RegExp(
      `Process ${running.child.pid} on .* is writing to the log at .*: stop it, or use another`,
    );
    for (const command of [
      ['ingest', ...RECORDED],
      ['process', '--until-caught-up'],
      ['reset', '--yes'],
      ['start', ...RECORDED],
    ])
      expectFailure(await pulse(command, env), 1, locked);

    const list = await pulse(['topics', 'list'], env);
    expect(list).toMatchObject({ code: 0, stderr: '' });
    expect(list.stdout).toMatch(/^coingecko.markets +4 partitions +kept 30 days +\d+ offsets$/m);

    const doctor = await pulse(['doctor'], { ...env, PULSE_COINGECKO_URL: `http://127.0.0.1:${await closedPort()}` });
    expect(doctor).toMatchObject({ code: 0, stderr: '' });
    expect(doctor.stdout).toMatch(/^✓ the log can be read; 9 topics of 4 partitions$/m);

    const before = await quotesIn(folder);
    const follow = ['topics', 'read', 'coingecko.markets', '--from', 'latest', '--follow'];
    const follower = startPulse(follow, env);
    await untilMoreQuotesThan(folder, before);
    await follower.said(/"key":"\w+.*\n/);
    follower.child.kill('SIGINT');
    const followed = await follower.ended;
    expect(followed).toMatchObject({ code: 0, signal: null, stderr: '' });
    const seen = followed.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as PrintedRecord);
    expect(seen.every(({ headers }) => headers.source === 'recorded')).toBe(true);
    expect(await pulse([...follow, '--limit', '2'], env)).toMatchObject({ code: 0, stderr: '' });

    running.child.kill('SIGINT');
    expect(await running.ended).toMatchObject({ code: 0, signal: null });
    await ingestAndProcess(folder, FEW_HOURS);
    await expectTables(folder, [FEW_HOURS]);
  });

  it('a page is refused a port that something else listens on, and says what to do', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const env = { PULSE_DATA_DIR: temporaryFolder() };
    const inUse = new RegExp(
      `port ${port} on 127.0.0.1 is in use: stop what listens there, or name another with --port`,
    );
    expectFailure(await pulse(['start', ...RECORDED, '--port', String(port)], env), 1, inUse);
    expectFailure(await pulse(['web'], { ...env, PULSE_PORT: String(port) }), 1, inUse);
    const doctor = await pulse(['doctor'], {
      ...env,
      PULSE_PORT: String(port),
      PULSE_COINGECKO_URL: `http://127.0.0.1:${await closedPort()}`,
    });
    expect(doctor.code).toBe(1);
    expect(doctor.stdout).toMatch(new RegExp(`^✗ .*${port}.* is in use: stop what listens there`, 'm'));
    expect(doctor.stderr).toBe('pulse: put what is marked ✗ right first\n');
    other.close();
    await processAll(env.PULSE_DATA_DIR);
    expect(await quotesIn(env.PULSE_DATA_DIR)).toBe(0);
  });
});
