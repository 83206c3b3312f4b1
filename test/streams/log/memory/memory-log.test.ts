import fc from 'fast-check';
import { describe, it } from 'vitest';
import { createMemoryLog } from '../../../../src/streams/log/memory/memory-log.ts';
import { MemoryStore } from '../../../../src/streams/log/memory/memory-store.ts';
import { describeLogContract } from '../../../support/log-contract.ts';
import { compareWithModel, logOperations } from '../../../support/log-operations.ts';
import { type CreateLog, ShiftedTime } from '../../../support/log-contract-tools.ts';

const create: CreateLog = (options = {}) => {
  const time = new ShiftedTime();
  const store = new MemoryStore();
  const log = createMemoryLog({ ...options, time, store });
  return Promise.resolve({
    log,
    time,
    reopen: async () => {
      await log.close();
      return createMemoryLog({ ...options, time, store });
    },
    dispose: () => log.close(),
  });
};

describeLogContract('the memory log', create);

describe('the memory log', () => {
  it('holds what the plainest of models holds, whatever is done to it', async () => {
    await fc.assert(
      fc.asyncProperty(logOperations, (operations) => compareWithModel(create, operations)),
      { numRuns: 200 },
    );
  });
});
