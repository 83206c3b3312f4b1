import { MAX_FILTER_LENGTH } from '../../pipeline-contract.ts';
import { followedTopics } from './followed-topics.ts';

/** What a person looks at on the pipeline's page: what a link to it has to hold. */
export interface PipelinePlace {
  /** The topic whose records are followed. */
  readonly topic: string;
  readonly filter: string;
  /** The partition whose dead letters are paged; null: the newest of all. */
  readonly partition: number | null;
}

const usual = followedTopics[0].name;

/** Reads a query; whatever it doesn't understand is as usual. */
export function parsePipelinePlace(search: string): PipelinePlace {
  const query = new URLSearchParams(search);
  const partition = query.get('letters') ?? '';
  return {
    topic: followedTopics.find(({ name }) => name === query.get('topic'))?.name ?? usual,
    filter: (query.get('q') ?? '').slice(0, MAX_FILTER_LENGTH),
    partition: /^\d{1,6}$/.test(partition) ? Number(partition) : null,
  };
}

/** The query of a place; what is as usual is left out. */
export function formatPipelinePlace({ topic, filter, partition }: PipelinePlace): string {
  const query = new URLSearchParams();
  if (topic !== usual) query.set('topic', topic);
  if (filter !== '') query.set('q', filter);
  if (partition !== null) query.set('letters', String(partition));
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}
