import { afterEach, beforeEach } from 'vitest';
import type { LocalLog } from '../../src/streams/log/local/maintenance.ts';
import type { CreateLog, LogTestOptions, LogUnderTest, ShiftedTime } from './log-contract-tools.ts';

/** The log of the running test: created before each, disposed of after. */
export interface LogFixture {
  readonly log: LocalLog;
  readonly time: ShiftedTime;
  reopen(): Promise<LocalLog>;
}

export function useLog(create: CreateLog, options?: LogTestOptions): LogFixture {
  let current: LogUnderTest | undefined;
  let reopened: LocalLog | undefined;
  const under = (): LogUnderTest => {
    if (current === undefined) throw new Error('The log is there while a test runs.');
    return current;
  };
  beforeEach(async () => {
    reopened = undefined;
    current = await create(options);
  });
  afterEach(() => current?.dispose());
  return {
    get log() {
      return reopened ?? under().log;
    },
    get time() {
      return under().time;
    },
    reopen: async () => (reopened = await under().reopen()),
  };
}
