import type { Log } from './log.ts';

/**
 * The log as one of several workers sees it, whose groups have no member but it: of the partitions assigned to it, it
 * keeps every `count`-th, from the `index`-th on. Together the workers own every partition once.
 */
export const shareOf = (log: Log, index: number, count: number): Log => ({
  identity: log.identity,
  topics: log.topics,
  bounds: (at) => log.bounds(at),
  read: (at, from, to) => log.read(at, from, to),
  tail: (from, signal) => log.tail(from, signal),
  join: (group, topics, member) =>
    log.join(group, topics, {
      assigned(source) {
        if (source.partition % count === index) member.assigned(source);
      },
      revoked: (at) => (at.partition % count === index ? member.revoked(at) : Promise.resolve()),
    }),
  writer: (id) => log.writer(id),
  append: (records) => log.append(records),
  purge: (at, before) => log.purge(at, before),
  close: () => log.close(),
});
