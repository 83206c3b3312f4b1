import type { SchedulerLike } from 'rxjs';
import type { Log } from '../log/log.ts';
import type { History } from './history.ts';
import { HistorySource } from './history-source.ts';

/**
 * The log that a replay's stages work on: the input is another namespace's history, and everything else lies in the replay's
 * own namespace. On one cluster both are the same log; embedded ones are two, and the live one is only read.
 */
export const replayLog = (own: Log, live: Log, history: History, clock: SchedulerLike): Log => {
  const isInput = (topic: string): boolean => topic === history.topic;
  const logOf = (topic: string): Log => (isInput(topic) ? live : own);
  return {
    identity: own.identity,
    topics: {
      ensure: (specs) => own.topics.ensure(specs),
      list: () => own.topics.list(),
      describe: (topic) => logOf(topic).topics.describe(topic),
      id: (topic) => logOf(topic).topics.id(topic),
      remove: (topics) => own.topics.remove(topics),
    },
    bounds: async (at) => (isInput(at.topic) ? history.bounds(at.partition) : own.bounds(at)),
    read: (at, from, to) => logOf(at.topic).read(at, from, to),
    tail: (from, signal) => own.tail(from, signal),
    join: (group, topics, member) =>
      topics.some(isInput)
        ? live.join(group, topics, {
            assigned: (source) => member.assigned(new HistorySource(history, source, clock)),
            revoked: (at) => member.revoked(at),
          })
        : own.join(group, topics, member),
    writer: (transactionalId) => own.writer(transactionalId),
    append: (records) => own.append(records),
    purge: (at, before) => own.purge(at, before),
    close: () => own.close(),
  };
};
