import { maintainShape } from '../../../streams/stages/flow.ts';
import { positionKey } from '../../../streams/task/positions.ts';
import { type Namespace, topicNames } from '../../../streams/topics.ts';
import type { MarketView } from '../view/market-view.ts';

/** How far the newest promotion of rebuilt tables is, as the view has it. */
export interface PromotionAnswer {
  /** Where the rebuilt tables lie. */
  readonly namespace: string;
  /** Partitions that are as rebuilt, of so many. */
  readonly done: number;
  readonly partitions: number;
}

/** Null where nothing was ever promoted. */
export function promotionAnswer(view: MarketView, namespace: Namespace): PromotionAnswer | null {
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
