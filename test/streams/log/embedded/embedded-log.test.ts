import fc from 'fast-check';
import { describe, it } from 'vitest';
import { createEmbeddedLog } from '../../../support/embedded-log-under-test.ts';
import { describeLogContract } from '../../../support/log-contract.ts';
import { compareWithModel, logOperations } from '../../../support/log-operations.ts';

describeLogContract('the embedded log', createEmbeddedLog);

describe('the embedded log', () => {
  it('holds what the plainest of models holds, whatever is done to it', async () => {
    const property = fc.asyncProperty(logOperations, (operations) => compareWithModel(createEmbeddedLog, operations));
    await fc.assert(property, { numRuns: 40 });
  });
});
