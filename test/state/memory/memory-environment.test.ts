import { openMemoryState } from '../../../src/state/memory/memory-environment.ts';
import { describeState } from '../../support/state-contract.ts';

describeState('state in memory', () => Promise.resolve(openMemoryState()));
