import type { OutputRecord, TopicSpec } from '../../../src/streams/log/log.ts';

export const LANES = 3;

export const killTopics: readonly TopicSpec[] = [
  { name: 'first', partitions: 3, cleanup: { kind: 'purge' } },
  { name: 'second', partitions: 2, cleanup: { kind: 'delete', retentionMs: 86_400_000 } },
  { name: 'passing', partitions: 1, cleanup: { kind: 'purge' } },
  { name: 'positions', partitions: 1, cleanup: { kind: 'compact' } },
];

/** What a transaction appends beside its position: sizes from a few bytes to more than one stored batch. */
export function transactionOf(lane: number, number: number): readonly OutputRecord[] {
  const size = [3, 40, 900, 20_000, 70_000][(number * 7 + lane) % 5] ?? 0;
  const filling = 'v'.repeat(size);
  const to = (topic: string, partition: number): OutputRecord => ({
    topic,
    partition,
    key: `${lane}`,
    value: `${number} ${filling}`,
  });
  return [to('first', number % 3), to('second', lane % 2), to('first', (number + 1) % 3), to('passing', 0)];
}

/** The partitions in which a transaction has a record, with how many. */
export function placesOf(lane: number, number: number): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  for (const { topic, partition } of transactionOf(lane, number)) {
    const place = `${topic}[${partition}]`;
    if (topic !== 'passing') places.set(place, (places.get(place) ?? 0) + 1);
  }
  return places;
}
