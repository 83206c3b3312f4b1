/**
 * Does the work for every item, `atOnce` of them at a time; the results are in the order of the items. Where one fails, no more
 * are begun, and it rejects when those that were under way have ended: nothing of it goes on behind the caller's back.
 */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const left = items.entries();
  let hasFailed = false;
  const worker = async (): Promise<void> => {
    for (const [index, item] of left) {
      if (hasFailed) return;
      try {
        results[index] = await work(item);
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    }
  };
  const workers = Array.from({ length: atOnce }, worker);
  await Promise.allSettled(workers);
  await Promise.all(workers);
  return results;
}
