import { describe } from 'vitest';
import { appendContract } from './log-contract-append.ts';
import { groupContract } from './log-contract-groups.ts';
import { localContract } from './log-contract-local.ts';
import { readContract } from './log-contract-read.ts';
import type { CreateLog } from './log-contract-tools.ts';
import { topicContract } from './log-contract-topics.ts';
import { upkeepContract } from './log-contract-upkeep.ts';

/** What the port promises and every log that lives in this process keeps. */
export function describeLogContract(name: string, create: CreateLog): void {
  describe(name, () => {
    topicContract(create);
    appendContract(create);
    readContract(create);
    groupContract(create);
    localContract(create);
    upkeepContract(create);
  });
}
