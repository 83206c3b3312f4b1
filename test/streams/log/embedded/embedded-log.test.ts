import { describeLogContract } from '../../../support/log-contract.ts';
import { createEmbeddedLog } from '../../../support/embedded-log-under-test.ts';

describeLogContract('the embedded log', createEmbeddedLog);
