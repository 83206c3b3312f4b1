import type { Edge, Reader } from '../../pipeline-contract.ts';

/** A topic in the diagram. */
interface ShownTopic {
  /** Its name without the namespace. */
  readonly label: string;
  readonly text: string;
  readonly readers: readonly Reader[];
}

/** The topics in the diagram's three columns, from left to right: before stage 1, between the stages, behind stage 2. */
export const flowColumns: readonly [readonly ShownTopic[], readonly ShownTopic[], readonly ShownTopic[]] = [
  [
    { label: 'coingecko.markets', text: 'Quotes', readers: ['combine', 'lake'] },
    { label: 'pulse.hot', text: 'Quotes of hot coins', readers: ['combine-hot'] },
  ],
  [{ label: 'pulse.partials', text: 'Partials', readers: ['maintain'] }],
  [
    { label: 'pulse.prices_hourly', text: 'Silver', readers: ['page', 'lake'] },
    { label: 'pulse.features_hourly', text: 'Gold', readers: ['page', 'lake'] },
    { label: 'pulse.top_movers_24h', text: 'Gold', readers: ['page', 'lake'] },
  ],
];

/** Who reads a topic, by a name for people. */
export const readerNames: Readonly<Record<Reader, string>> = {
  combine: 'Combine',
  'combine-hot': 'Combine',
  maintain: 'Maintain',
  page: 'This page',
  lake: 'Lake',
};

/** The edge from a topic to a reader; undefined until it was told. */
export const edgeOf = (edges: readonly Edge[], label: string, reader: Reader): Edge | undefined =>
  edges.find((edge) => edge.label === label && edge.reader === reader);
