/**
 * Commits step after step; while one is committed, the next is made. Resolves when all are, and rejects with the first
 * error of either side, once nothing is under way any more.
 */
export async function commitBehind<Step>(
  steps: AsyncIterable<Step>,
  commit: (step: Step) => Promise<void>,
): Promise<void> {
  let committed = Promise.resolve();
  try {
    for await (const step of steps) {
      await committed;
      committed = commit(step);
      // It is looked at when the next step is there, which may be a while.
      committed.catch(() => undefined);
    }
  } finally {
    await committed;
  }
}
