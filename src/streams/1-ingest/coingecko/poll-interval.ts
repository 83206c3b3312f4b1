const MINUTE_MS = 60_000;
/** The longest month, so that a budget lasts in every one. */
const MONTH_MS = 31 * 24 * 60 * MINUTE_MS;

/** What a poll interval follows from. */
export interface PollBudget {
  /** The interval that is wanted, in milliseconds. */
  readonly configuredMs: number;
  readonly callsPerPoll: number;
  readonly callsPerMinute: number;
  readonly callsPerMonth: number;
  /** Calls of a month that are for something else. */
  readonly reservedCalls: number;
}

/**
 * The interval at which polls really happen, in whole milliseconds: the configured one, or longer where that would exceed
 * the calls allowed in a minute or a month.
 */
export function effectiveIntervalMs(budget: PollBudget): number {
  const { configuredMs, callsPerPoll, callsPerMinute, callsPerMonth, reservedCalls } = budget;
  // Whatever is reserved, polling keeps half: else a small budget would stop it.
  const forPolls = Math.max(callsPerMonth - reservedCalls, callsPerMonth / 2);
  const slowest = Math.max(
    configuredMs,
    (callsPerPoll * MINUTE_MS) / callsPerMinute,
    (callsPerPoll * MONTH_MS) / forPolls,
  );
  return Math.ceil(slowest);
}
