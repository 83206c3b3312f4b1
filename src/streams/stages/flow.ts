import type { StageShape } from '../task/stage.ts';
import type { TopicNames } from '../topics.ts';

/** What each stage reads and writes. */
export const combineShape = (names: TopicNames): StageShape => ({
  name: 'combine',
  input: names.markets,
  outputs: [names.partials, names.hot],
});

export const combineHotShape = (names: TopicNames): StageShape => ({
  name: 'combine-hot',
  input: names.hot,
  outputs: [names.partials],
});

export const maintainShape = (names: TopicNames): StageShape => ({
  name: 'maintain',
  input: names.partials,
  outputs: [names.prices, names.features, names.movers],
});

/** The stages in the order of the flow. */
export const flow = (names: TopicNames): readonly StageShape[] => [
  combineShape(names),
  combineHotShape(names),
  maintainShape(names),
];
