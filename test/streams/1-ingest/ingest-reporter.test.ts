import { describe, expect, it } from 'vitest';
import { PulseError } from '../../../src/errors.ts';
import { IngestReporter } from '../../../src/streams/1-ingest/ingest-reporter.ts';
import type { Log } from '../../../src/streams/log/log.ts';
import { emptyLog, PARTITIONS, recordsOf } from './support/ingested.ts';
import { ManualClock } from './support/manual-clock.ts';
import { until } from './support/until.ts';

const clock = (): ManualClock => new ManualClock(Date.parse('2025-06-01T00:00:00Z'));
const common = { namespace: '', partitions: PARTITIONS };

async function reports(log: Log): Promise<readonly (readonly [string, string | null])[]> {
  const records = await recordsOf(log, { topic: 'pulse.tasks', partition: 0 });
  return records.map(({ value }) => {
    const { state, message } = JSON.parse(String(value)) as { state: string; message: string | null };
    return [state, message];
  });
}

describe('IngestReporter', () => {
  it('reports at the start, once a second, and at the end', async () => {
    const log = await emptyLog();
    const scheduler = clock();
    const reporter = new IngestReporter({ ...common, log, scheduler }, 'recorded');
    await until(() => scheduler.waits.length === 1);
    reporter.update({ state: 'running' });
    scheduler.advance(1000);
    await until(() => scheduler.waits.length === 1);
    await reporter.end({ message: 'over' });
    expect(await reports(log)).toEqual([
      ['starting', null],
      ['running', null],
      ['ended', 'over'],
    ]);
    expect(scheduler.waits).toEqual([]);
  });

  it('says why a source failed, but leaves the word to the run that took over', async () => {
    const log = await emptyLog();
    await new IngestReporter({ ...common, log, scheduler: clock() }, 'recorded').fail(new Error('no more'));
    await new IngestReporter({ ...common, log, scheduler: clock() }, 'recorded').fail(
      new PulseError('fenced', 'taken over'),
    );
    expect(await reports(log)).toEqual([
      ['starting', null],
      ['failing', 'no more'],
      ['starting', null],
    ]);
  });

  it('costs a warning and no more when a report is not written', async () => {
    const log: Log = { ...(await emptyLog()), append: () => Promise.reject(new Error('disk full')) };
    const warnings: string[] = [];
    const logger = { info: () => undefined, warn: (text: string) => void warnings.push(text) };
    await new IngestReporter({ ...common, log, scheduler: clock(), logger }, 'recorded').end();
    expect(warnings).toEqual(Array.from({ length: 2 }, () => 'A report of ingest|recorded was not written: disk full'));
  });
});
