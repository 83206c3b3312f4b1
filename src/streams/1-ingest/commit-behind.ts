/** With so many under way, the log writes one while the next ones wait for it, packed, and another is made. */
const UNDER_WAY = 3;

/**
 * Commits step after step; while some are committed, the next is made. Resolves when all are, and rejects with the first
 * error of either side, once nothing is under way any more.
 */
export async function commitBehind<Step>(
  steps: AsyncIterable<Step>,
  commit: (step: Step) => Promise<void>,
): Promise<void> {
  const underWay: Promise<void>[] = [];
  let failure: { readonly error: unknown } | undefined;
  const waitFor = async (left: number): Promise<void> => {
    while (underWay.length > left) await underWay.shift();
    if (failure !== undefined) throw failure.error;
  };
  try {
    for await (const step of steps) {
      await waitFor(UNDER_WAY - 1);
      underWay.push(commit(step).catch((error: unknown) => void (failure ??= { error })));
    }
  } finally {
    await waitFor(0);
  }
}
