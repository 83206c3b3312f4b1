import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { topicNames } from '../../src/streams/topics.ts';
import { withLog } from './with-log.ts';

/** A row that says something else, and one that should not be there: in the changelog, so in the state that is made of it. */
export async function spoilPrices(folder: string): Promise<void> {
  await withLog(folder, async (log) => {
    const at = { topic: topicNames('').prices, partition: 0 };
    const { start, end } = await log.bounds(at);
    const rows: { readonly key: string; readonly value: Record<string, unknown> }[] = [];
    for await (const { records } of log.read(at, start, end))
      for (const { key, value } of records)
        rows.push({ key: String(key), value: JSON.parse(String(value)) as Record<string, unknown> });
    const [first] = rows;
    if (first === undefined) throw new Error('there are no rows');
    await log.append([
      {
        ...at,
        key: first.key,
        value: JSON.stringify({ ...first.value, price: first.value.low, observations: 9 }),
      },
      { ...at, key: `ghost|${String(first.value.ts)}`, value: JSON.stringify({ ...first.value, coin_id: 'ghost' }) },
    ]);
  });
  rmSync(join(folder, 'state'), { recursive: true });
}
