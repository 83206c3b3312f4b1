/** What the process ends with. A server that was stopped in good order is done. */
export const exitCodes = {
  done: 0,
  failed: 1,
  wrongUsage: 2,
  /** A signal ended what has an end of its own, before that end: 128 + SIGINT, as shells have it. */
  unfinished: 130,
} as const;
