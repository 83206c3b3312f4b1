import { maintainShape } from '../../../streams/stages/flow.ts';
import { positionKey } from '../../../streams/task/positions.ts';
import { type Namespace, topicNames } from '../../../streams/topics.ts';
import type { PromotionState } from '../../replay-contract.ts';
import type { MarketView } from '../view/market-view.ts';

/** As the view has it; null where nothing was ever promoted. */
export function promotionAnswer(view: MarketView, namespace: Namespace): PromotionState | null {
  const wanted = fieldsOf(view.positions.get(['promotion'])?.position);
  if (!Array.isArray(wanted.positions)) return null;
  const { name, input: topic } = maintainShape(topicNames(namespace));
  const isDone = (_: unknown, partition: number): boolean => {
    const position = fieldsOf(view.positions.get([positionKey(name, { topic, partition })])?.position);
    return fieldsOf(position.carried).promotion === wanted.id;
  };
  const { length: partitions } = wanted.positions;
  return { namespace: String(wanted.namespace), done: wanted.positions.filter(isDone).length, partitions };
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? { ...value } : {};
