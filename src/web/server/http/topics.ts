import type { Log, OffsetBounds } from '../../../streams/log/log.ts';
import { inNamespace, type Namespace, topics } from '../../../streams/topics.ts';
import type { MarketView } from '../view/market-view.ts';

/** Every topic of the namespace: its partitions' bounds, how far the view has come, and the pipeline's own positions. */
export async function describeTopics(log: Log, namespace: Namespace, view: MarketView): Promise<readonly object[]> {
  const described: object[] = [];
  for (const definition of Object.values(topics)) {
    const topic = inNamespace(namespace, definition.name);
    const spec = await log.topics.describe(topic);
    if (spec === undefined) continue;
    const partitions: (OffsetBounds & { readonly partition: number; readonly view: number | null })[] = [];
    for (let partition = 0; partition < spec.partitions; partition++) {
      const { start, end } = await log.bounds({ topic, partition });
      partitions.push({ partition, start, end, view: view.position(`${definition.name}/${partition}`) ?? null });
    }
    described.push({ topic, key: definition.key, value: definition.value, cleanup: spec.cleanup, partitions });
  }
  return described;
}
