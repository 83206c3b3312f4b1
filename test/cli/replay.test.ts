import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { writePromotion } from '../../src/streams/replay/promotion-record.ts';
import { maintainShape } from '../../src/streams/stages/flow.ts';
import { readStagePosition } from '../../src/streams/task/positions.ts';
import { topicNames, topicSpecs } from '../../src/streams/topics.ts';
import { expectFailure } from '../support/expect-failure.ts';
import { expectTables } from '../support/expect-tables.ts';
import { FEW_HOURS, processedFolder } from '../support/processed-folder.ts';
import { type Ended, pulse, readTopic, temporaryFolder } from '../support/pulse.ts';
import { pulseSucceeds } from '../support/pulse-succeeds.ts';
import { spoilPrices } from '../support/spoil-prices.ts';
import { withLog } from '../support/with-log.ts';
import { laterTicks } from '../support/later-ticks.ts';

const PARTITIONS = 4;
const { markets, prices } = topicNames('');

let folder: string;
const run = (...args: readonly string[]): Promise<Ended> => pulse(args, { PULSE_DATA_DIR: folder });
const succeeds = (...args: readonly string[]): Promise<Ended> => pulseSucceeds(args, { PULSE_DATA_DIR: folder });
const replayed = (namespace = 'replay'): string => join(folder, 'namespaces', namespace);

beforeEach(async () => {
  folder = await processedFolder();
});

describe('pulse replay', () => {
  it('rebuilds every table into a namespace of its own, lake and all, and finds it equal to the live ones', async () => {
    const { stdout, stderr } = await succeeds('replay', '--diff');
    expect(stdout).toMatch(/prices +240 \| 240 rows, 240 equal, 0 differ\nfeatures +240 \| 240 rows/);
    expect(stdout).toContain('the tables are equal');
    expect(stderr).toMatch(/^100 %, 960 of 960 records/m);
    expect(stderr).toContain('960 records in = 960 ticks + 0 without a quote + 0 dead letters');
    await expectTables(replayed(), [FEW_HOURS], 'replay');
    await expectTables(folder, [FEW_HOURS]);
    const { stdout: lake } = await succeeds('lake', 'show', '--namespace', 'replay');
    expect(lake).toMatch(/silver\/prices_hourly .*210/);
    const again = await succeeds('replay', '--no-lake', '--json');
    expect(again.stderr).toContain('it was finished before, --again starts afresh');
    expect(JSON.parse(again.stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({
      kind: 'progress',
      records: 960,
      of: 960,
    });
  });

  it('compares what there was at its end: quotes that came in since are set aside, what they do not reach is not', async () => {
    await succeeds('replay', '--no-lake');
    const later = laterTicks();
    await succeeds('ingest', '--source', 'recorded', '--file', later);
    await succeeds('process', '--until-caught-up');
    const { stdout } = await succeeds('diff', '.', 'replay');
    expect(stdout).toMatch(/prices +\d+ \| 240 rows, [1-9]\d* equal, 0 differ, \d+ changed by quotes since/);
    expect(stdout).toMatch(/movers +30 \| 30 rows, none compared, 30 changed by quotes since the replay's end/);
    expect(stdout).toMatch(/no difference in the \d+ rows that could be compared; .*; of movers nothing was compared/);
    await spoilPrices(folder);
    expect(await run('diff', '.', 'replay')).toMatchObject({ code: 1 });
  });

  it('claims nothing where later quotes have reached every row', async () => {
    await succeeds('replay', '--no-lake');
    await succeeds('ingest', '--source', 'recorded', '--file', dearer());
    await succeeds('process', '--until-caught-up');
    const nothing = await run('diff', '.', 'replay');
    expect(nothing).toMatchObject({ code: 1 });
    expect(nothing.stdout).toMatch(/nothing was compared: 510 rows set aside/);
    expect(nothing.stdout).not.toContain('equal');
  });

  it('reads Bronze where the topic has shed its quotes, and says what is in neither', async () => {
    await succeeds('sink', '--until-caught-up');
    await withLog(folder, async (log) => {
      for (let partition = 0; partition < PARTITIONS; partition++) {
        const at = { topic: markets, partition };
        const { end } = await log.bounds(at);
        await log.purge(at, Math.floor(end / 2));
      }
    });
    expect((await succeeds('replay', '--diff', '--no-lake')).stdout).toContain('the tables are equal');
    expect((await succeeds('replay', '--diff', '--no-lake', '--from', 'bronze', '--namespace', 'b')).stdout).toContain(
      'are equal',
    );
    rmSync(join(folder, 'bronze'), { recursive: true });
    const lost = await run('replay', '--namespace', 'c');
    expect(lost).toMatchObject({ code: 1 });
    expect(lost.stderr).toMatch(/begins at offset \d+, and there is no Bronze.*--from topic/);
    const rest = await run('replay', '--namespace', 'c', '--from', 'topic', '--diff', '--no-lake');
    expect(rest).toMatchObject({ code: 1 });
    expect(rest.stdout).toContain('the tables differ');
    const promoted = await run('replay', 'promote', 'c');
    expect(promoted).toMatchObject({ code: 1 });
    expect(promoted.stderr).toMatch(/lacks what coingecko\.markets had shed/);
    await expectTables(folder, [FEW_HOURS]);
  });

  it('mixes with nothing: neither into itself, nor into what holds quotes, nor quotes into it', async () => {
    expect(await run('replay', '--namespace', '')).toMatchObject({ code: 2 });
    for (const mode of [[], ['--speed', '600']]) {
      const kept = await run('replay', '--namespace', 'rebuild', ...mode);
      expect(kept).toMatchObject({ code: 2 });
      expect(kept.stderr).toContain('is where pulse process --rebuild works');
    }
    await succeeds('ingest', '--source', 'recorded', '--file', FEW_HOURS, '--namespace', 'other');
    const other = await run('replay', '--namespace', 'other');
    expect(other).toMatchObject({ code: 1 });
    expect(other.stderr).toContain('quotes of its own');
    await succeeds('replay', '--no-lake');
    const ofReplay = await run('replay', '--of', 'replay', '--namespace', 'second');
    expect(ofReplay).toMatchObject({ code: 2 });
    expect(ofReplay.stderr).toMatch(/holds a replay, and no quotes: replay the default namespace/);
    const into = await run('ingest', '--source', 'recorded', '--file', FEW_HOURS, '--namespace', 'replay');
    expect(into).toMatchObject({ code: 1 });
    expect(into.stderr).toContain('replayed');
  });
});

describe('pulse replay --again', () => {
  it('empties a replay, and nothing else: neither quotes that were ingested, nor those that others have sent', async () => {
    await succeeds('ingest', '--source', 'recorded', '--file', FEW_HOURS, '--namespace', 'other');
    mkdirSync(replayed('sent'), { recursive: true });
    await withLog(replayed('sent'), async (log) => {
      const topic = topicNames('sent').markets;
      await log.topics.ensure(topicSpecs('sent', PARTITIONS));
      await log.append([{ topic, partition: 2, key: 'a', value: '{}' }]);
    });
    for (const namespace of ['other', 'sent']) {
      const refused = await run('replay', '--again', '--no-lake', '--namespace', namespace);
      expect(refused).toMatchObject({ code: 1 });
      expect(refused.stderr).toMatch(/holds something else than a replay, which would empty it/);
    }
    expect(await readTopic(markets, [], { PULSE_DATA_DIR: folder, PULSE_NAMESPACE: 'other' })).toHaveLength(960);
    expect(await readTopic(markets, [], { PULSE_DATA_DIR: folder, PULSE_NAMESPACE: 'sent' })).toHaveLength(1);
    await succeeds('replay', '--no-lake');
    const { stderr } = await succeeds('replay', '--no-lake', '--again', '--from', 'topic');
    expect(stderr).not.toMatch(/was finished before/);
    const goesOn = await succeeds('replay', '--no-lake');
    expect(goesOn.stderr).toContain('it was begun with --from topic, and goes on so');
  });

  it('removes nothing where there are no quotes to replay', async () => {
    await succeeds('replay', '--no-lake');
    expect(await run('replay', '--no-lake', '--again', '--of', 'nowhere', '--namespace', 'replay')).toMatchObject({
      code: 1,
    });
    await succeeds('diff', '.', 'replay');
  });
});

describe('pulse replay promote', () => {
  it('mends live tables: rows that differ, rows that vanished, and what follows from them', async () => {
    await succeeds('replay', '--no-lake');
    await spoilPrices(folder);
    await succeeds('process', '--until-caught-up');
    const before = await run('diff', '.', 'replay');
    expect(before).toMatchObject({ code: 1 });
    expect(before.stdout).toMatch(/prices\.price differs in 1 row/);
    expect(before.stdout).toMatch(/"ghost\|.*: on the left alone/);
    const { stderr } = await succeeds('replay', 'promote', 'replay');
    expect(stderr).toContain('4 of 4 partitions');
    expect((await succeeds('diff', '.', 'replay')).stdout).toContain('the tables are equal');
    await expectTables(folder, [FEW_HOURS]);
    const ghosts = await readTopic(prices, [], { PULSE_DATA_DIR: folder });
    expect(ghosts.filter(({ key }) => key?.startsWith('ghost')).at(-1)).toMatchObject({ value: null });
    // State is of the same rows: what comes next is merged with them.
    const later = laterTicks();
    await succeeds('ingest', '--source', 'recorded', '--file', later);
    await succeeds('process', '--until-caught-up');
    await expectTables(folder, [FEW_HOURS, later]);
  });

  it('waits for the replay that it was asked of: not half of another one takes its place', async () => {
    await succeeds('replay', '--no-lake');
    await asked('2023-12-01T00:00:00.000Z');
    const outdated = await run('process', '--until-caught-up');
    expect(outdated).toMatchObject({ code: 1 });
    expect(outdated.stderr).toMatch(/namespace replay was being promoted, and does not hold that replay any more/);
    rmSync(replayed(), { recursive: true });
    expect(await run('process', '--until-caught-up')).toEqual(outdated);
    await expectTables(folder, [FEW_HOURS]);
    await succeeds('replay', '--no-lake');
    await succeeds('replay', 'promote', 'replay');
    await succeeds('process', '--until-caught-up');
    await expectTables(folder, [FEW_HOURS]);
  });

  it('keeps the replay from being begun anew on the way', async () => {
    await succeeds('replay', '--no-lake');
    await asked(await begunAt());
    const again = await run('replay', '--no-lake', '--again');
    expect(again).toMatchObject({ code: 2 });
    expect(again.stderr).toMatch(/namespace replay is being promoted: finish that first/);
    await succeeds('process', '--until-caught-up');
    await expectTables(folder, [FEW_HOURS]);
    await succeeds('replay', '--no-lake', '--again', '--diff');
  });

  it('refuses a replay of other quotes, and leaves it as it was', async () => {
    await succeeds('ingest', '--source', 'recorded', '--file', FEW_HOURS, '--namespace', 'other');
    await succeeds('replay', '--no-lake');
    const refused = await run('replay', '--of', 'other', 'promote', 'replay');
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.stderr).toMatch(/holds a replay of the default namespace: it can be promoted into that alone/);
    await succeeds('diff', '.', 'replay');
  });

  it('refuses what is no replay, and works where there is nothing to do', async () => {
    expectFailure(await run('replay', 'promote', 'nothing'), 1, /the namespace nothing holds no replay/);
    const status = await run('replay', '--status', '--namespace', 'nothing');
    expect(status).toMatchObject({ code: 0, stdout: 'no replay in the namespace nothing\nno promotion\n' });
    await succeeds('replay', '--no-lake');
    await succeeds('replay', 'promote', 'replay');
    await succeeds('replay', 'promote', 'replay');
    await expectTables(folder, [FEW_HOURS]);
  });
});

/** The same quotes at other prices: every row says something else by them. */
function dearer(): string {
  const lines = gunzipSync(readFileSync(FEW_HOURS)).toString('utf8').trimEnd().split('\n');
  const file = join(temporaryFolder(), 'dearer.ndjson');
  const moved = lines.map((line) => {
    const quote = JSON.parse(line) as { readonly current_price: number };
    return JSON.stringify({ ...quote, current_price: quote.current_price * 2 });
  });
  writeFileSync(file, moved.join('\n'));
  return file;
}

/** As one that was killed after it had asked leaves it: no partition is done yet. */
async function asked(begun: string): Promise<void> {
  await withLog(folder, async (log) => {
    const names = topicNames('');
    const { name, input: topic } = maintainShape(names);
    const positions: number[] = [];
    for (let partition = 0; partition < PARTITIONS; partition++)
      positions.push((await readStagePosition(log, names.positions, name, { topic, partition }))?.offset ?? 0);
    await writePromotion(log, names, { id: 'asked', namespace: 'replay', begunAt: begun, positions });
  });
}

async function begunAt(): Promise<string> {
  const { stdout } = await succeeds('replay', '--status', '--json');
  return (JSON.parse(stdout) as { readonly replay: { readonly startedAt: string } }).replay.startedAt;
}
