import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StateEnvironment } from '../../../src/state/environment.ts';
import { features, moverFeatures } from '../../../src/streams/4-gold/features.ts';
import type { TransactionalWriter } from '../../../src/streams/log/log.ts';
import { maintainStage } from '../../../src/streams/stages/maintain-stage.ts';
import { readStagePosition } from '../../../src/streams/task/positions.ts';
import { topicNames } from '../../../src/streams/topics.ts';
import { type DriverTables, PipelineDriver } from '../../support/driver/pipeline-driver.ts';
import { errorCode } from '../../support/log-contract-tools.ts';
import { hourlyQuotes, rowKeyOf } from '../../support/quotes.ts';
import { jsonRows } from '../../support/rows/json-rows.ts';
import { stateKinds } from '../../support/state-kinds.ts';

const names = topicNames('');
const HOURS = 30;
const tablesOf = ({ prices, features: rows, movers }: DriverTables) => [[...prices], [...rows], [...movers]];

/** A writer that dies instead of its n-th commit. */
const dyingAt = (writer: TransactionalWriter, nth: number): TransactionalWriter => {
  let commits = 0;
  return {
    ...{ id: writer.id, close: () => writer.close() },
    commit: async (records) => {
      if (++commits === nth) throw new Error('the process died');
      return writer.commit(records);
    },
  };
};

describe.each(stateKinds)('a row that can’t be read and is to be removed, on state in $name', ({ open }) => {
  let state: StateEnvironment;
  let dispose: () => Promise<void>;
  let driver: PipelineDriver;
  beforeEach(async () => {
    ({ state, dispose } = await open());
    driver = new PipelineDriver({ partitions: 1, openState: () => Promise.resolve(state) });
    await driver.play([{ kind: 'records', records: hourlyQuotes('bitcoin', 0, HOURS) }]);
    // Without the newest hour, the one before is final no more: Silver's rows are published, too.
    const at = { topic: names.prices, partition: 0 };
    await driver.log.append([{ ...at, key: rowKeyOf('bitcoin', HOURS - 1), value: 'no row' }]);
  });
  afterEach(() => dispose());

  const recover = async (onUnreadable: 'halt' | 'drop', nth = Infinity): Promise<void> => {
    const { log } = driver;
    const at = { topic: names.partials, partition: 0 };
    const position = await readStagePosition(log, names.positions, 'maintain', at);
    if (position === undefined) throw new Error('there is no position');
    const writer = await log.writer('pulse-maintain-pulse.partials-0');
    try {
      const stage = maintainStage({
        ...{ log, names, state, rows: jsonRows(), spec: { graceMs: 600_000 }, onUnreadable },
        ...{ gold: { features, movers: moverFeatures }, onNotice: () => undefined },
      });
      await stage.open(0).recover(position, dyingAt(writer, nth), new AbortController().signal);
    } finally {
      await writer.close();
    }
  };

  it('is found again by whoever comes after one that died on the way', async () => {
    await expect(recover('drop', 1)).rejects.toThrow('died');
    await expect(recover('halt')).rejects.toEqual(errorCode('changelog-unreadable'));
    await expect(recover('drop', 2)).rejects.toThrow('died');
    await expect(recover('halt')).rejects.toEqual(errorCode('changelog-unreadable'));
    await recover('drop');
    await recover('halt');
    const fresh = new PipelineDriver({ partitions: 1 });
    const wanted = await fresh.play([{ kind: 'records', records: hourlyQuotes('bitcoin', 0, HOURS - 1) }]);
    expect(tablesOf(await driver.play([]))).toEqual(tablesOf(wanted));
    await state.drop(0);
    expect(tablesOf(await driver.play([]))).toEqual(tablesOf(wanted));
  });
});
