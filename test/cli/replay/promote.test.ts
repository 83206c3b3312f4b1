import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writePromotion } from '../../../src/streams/replay/promotion-record.ts';
import { topicNames } from '../../../src/streams/topics.ts';
import { expectFailure } from '../../support/expect-failure.ts';
import { expectTables } from '../../support/expect-tables.ts';
import { laterTicks } from '../../support/later-ticks.ts';
import { FEW_HOURS, processedFolder } from '../../support/processed-folder.ts';
import { type Ended, pulse, temporaryFolder } from '../../support/pulse.ts';
import { withLog } from '../../support/with-log.ts';

const runIn =
  (folder: string) =>
  (...args: readonly string[]): Promise<Ended> =>
    pulse(args, { PULSE_DATA_DIR: folder });

/** Preloaded: the process dies of its first line of progress. Who waits for that line, and kills it then, may come too late. */
const KILLED_AT_PROGRESS = `
  const write = process.stdout.write;
  process.stdout.write = function (text, ...more) {
    const isTaken = write.call(this, text, ...more);
    if (String(text).includes('"kind":"progress"')) process.kill(process.pid, 'SIGKILL');
    return isTaken;
  };`;

describe('pulse replay promote', () => {
  it('tells how far it is, and what a comparison finds then, as JSON', async () => {
    const run = runIn(await processedFolder());
    expect(await run('replay', '--no-lake')).toMatchObject({ code: 0 });
    const ended = await run('replay', 'promote', 'replay', '--json', '--diff');
    expect(ended).toMatchObject({ code: 0 });
    const told = ended.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { readonly kind: string; readonly done?: number });
    expect(told.filter(({ kind }) => kind === 'progress').at(-1)).toMatchObject({ records: 960, of: 960 });
    const done = told.filter(({ kind }) => kind === 'promotion').map((one) => one.done ?? NaN);
    expect(done).toEqual(done.toSorted((a, b) => a - b));
    expect(told.filter(({ kind }) => kind === 'promotion').at(-1)).toEqual({
      ...{ kind: 'promotion', namespace: 'replay', done: 4, partitions: 4 },
    });
    expect(told.at(-1)).toMatchObject({ kind: 'diff', a: '', b: 'replay', verdict: 'equal' });
  });

  it('asks anew where the stages have gone on beyond what was asked for, which halts them until then', async () => {
    const folder = await processedFolder();
    const run = runIn(folder);
    expect(await run('replay', '--no-lake')).toMatchObject({ code: 0 });
    const status = JSON.parse((await run('replay', '--status', '--json')).stdout) as {
      readonly replay: { readonly startedAt: string };
    };
    const { startedAt: begunAt } = status.replay;
    await withLog(folder, (log) =>
      writePromotion(log, topicNames(''), {
        ...{ id: 'outrun', namespace: 'replay', begunAt },
        positions: [0, 0, 0, 0],
      }),
    );
    const later = laterTicks();
    expect(await run('ingest', '--source', 'recorded', '--file', later)).toMatchObject({ code: 0 });
    const outdated = /stands at \d+, and replay\.pulse\.prices_hourly was rebuilt up to 0: promote it again/;
    expectFailure(await run('process', '--until-caught-up'), 1, outdated);

    // What was asked for first is not what the replay holds from here on: its partials would be counted twice.
    const killed = await pulse(['replay', 'promote', 'replay', '--json'], {
      PULSE_DATA_DIR: folder,
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(KILLED_AT_PROGRESS)}`,
    });
    expect(killed).toMatchObject({ signal: 'SIGKILL', stdout: expect.stringContaining('"kind":"progress"') as string });
    const gone = /the namespace replay was being promoted, and does not hold that replay any more/;
    expectFailure(await run('process', '--until-caught-up'), 1, gone);

    expect(await run('replay', 'promote', 'replay', '--diff')).toMatchObject({ code: 0 });
    await expectTables(folder, [FEW_HOURS, later]);
    expect(await run('process', '--until-caught-up')).toMatchObject({ code: 0 });
  });

  it('says which namespaces hold a replay, and how one is made, where it is given another', async () => {
    const folder = await processedFolder();
    const run = runIn(folder);
    const none =
      /nothere holds no replay: there is none of the default namespace yet; pulse replay --namespace nothere/;
    expectFailure(await run('replay', 'promote', 'nothere'), 1, none);
    expect(await run('replay', '--no-lake')).toMatchObject({ code: 0 });
    const others = /nothere holds no replay: those of the default namespace are in replay; pulse replay/;
    expectFailure(await run('replay', 'promote', 'nothere'), 1, others);
    expect(existsSync(join(folder, 'namespaces', 'nothere'))).toBe(false);
    const tables = /the namespace nothere has no tables; there are: the default one \(\.\), replay$/m;
    expectFailure(await run('diff', '.', 'nothere'), 1, tables);
    const empty = /there is no data in .* yet: run pulse start or pulse ingest first/;
    expectFailure(await runIn(temporaryFolder())('replay', 'promote', 'nothere'), 1, empty);
  });
});
