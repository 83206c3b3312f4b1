import { features, moverFeatures } from '../../../src/streams/4-gold/features.ts';
import { createRowFormat } from '../../../src/streams/rows/create-row-format.ts';
import type { RowFormat } from '../../../src/streams/rows/row-format.ts';
import { type Namespace, topicNames } from '../../../src/streams/topics.ts';

/** The rows of a namespace as they are where no registry is set. */
export const jsonRows = (namespace: Namespace = ''): RowFormat =>
  createRowFormat({ names: topicNames(namespace), gold: { features, movers: moverFeatures }, now: () => 0 });
