import type { GroupMember, Log, OutputRecord, PartitionSource, TopicPartition } from '../../../src/streams/log/log.ts';

/** A log whose topics, groups and transactional ids have a prefix in the log beneath: tests on one cluster stay apart. */
export function logInNamespace(log: Log, prefix: string): Log {
  const outer = (name: string): string => `${prefix}.${name}`;
  const inner = (name: string): string => name.slice(prefix.length + 1);
  const out = <At extends TopicPartition>(at: At): At => ({ ...at, topic: outer(at.topic) });
  const back = <At extends TopicPartition>(at: At): At => ({ ...at, topic: inner(at.topic) });
  const outAll = (records: readonly OutputRecord[]): readonly OutputRecord[] => records.map(out);
  async function* renamed<At extends TopicPartition>(batches: AsyncIterable<At>): AsyncGenerator<At> {
    for await (const batch of batches) yield back(batch);
  }
  const source = (from: PartitionSource): PartitionSource => ({
    topic: inner(from.topic),
    partition: from.partition,
    get isInDoubt() {
      return from.isInDoubt;
    },
    isOwned: (afresh) => from.isOwned(afresh),
    seek: (offset) => from.seek(offset),
    poll: async (waitMs) => {
      const batch = await from.poll(waitMs);
      return batch && back(batch);
    },
  });
  const member = (of: GroupMember): GroupMember => ({
    assigned: (from) => of.assigned(source(from)),
    revoked: (at) => of.revoked(back(at)),
  });
  return {
    identity: log.identity,
    topics: {
      ensure: (specs) => log.topics.ensure(specs.map((spec) => ({ ...spec, name: outer(spec.name) }))),
      list: async () =>
        (await log.topics.list())
          .filter(({ name }) => name.startsWith(`${prefix}.`))
          .map((spec) => ({ ...spec, name: inner(spec.name) })),
      describe: async (topic) => {
        const spec = await log.topics.describe(outer(topic));
        return spec && { ...spec, name: topic };
      },
      id: (topic) => log.topics.id(outer(topic)),
      remove: (topics) => log.topics.remove(topics.map(outer)),
    },
    bounds: (at) => log.bounds(out(at)),
    read: (at, from, to) => renamed(log.read(out(at), from, to)),
    tail: (from, signal) => renamed(log.tail(from.map(out), signal)),
    join: (group, topics, of) => log.join(outer(group), topics.map(outer), member(of)),
    writer: async (id) => {
      const writer = await log.writer(outer(id));
      return {
        id,
        close: () => writer.close(),
        commit: async (records, progress) => {
          const result = await writer.commit(
            outAll(records),
            progress && { ...out(progress), group: outer(progress.group) },
          );
          return { nextOffset: (topic, partition) => result.nextOffset(outer(topic), partition) };
        },
      };
    },
    append: async (records) => {
      const result = await log.append(outAll(records));
      return { nextOffset: (topic, partition) => result.nextOffset(outer(topic), partition) };
    },
    purge: (at, before) => log.purge(out(at), before),
    close: () => log.close(),
  };
}
