import kafkajs, { type PartitionAssigner } from 'kafkajs';
import { shareOut } from '../local/share-out.ts';
import type { TopicPartition } from '../log.ts';
import { partitionName } from './partition-name.ts';

const { MemberAssignment, MemberMetadata } = kafkajs.AssignerProtocol;

const NAME = 'pulse-sticky';
const VERSION = 1;

interface Member {
  readonly id: string;
  readonly topics: readonly string[];
  readonly held: readonly TopicPartition[];
}

export interface AssignerParts {
  /** What this member holds. */
  readonly held: () => readonly TopicPartition[];
  /** A topic's number of partitions; its leader need not want every topic of the group itself. */
  readonly partitionsOf: (topic: string) => Promise<number>;
}

/**
 * Shares partitions out as evenly as can be, moving as few as can be: every member says along with its join what it holds,
 * and whoever leads the group gives the rest to those with the least.
 */
export const stickyAssigner =
  ({ held, partitionsOf }: AssignerParts): PartitionAssigner =>
  () => ({
    name: NAME,
    version: VERSION,
    protocol: ({ topics }) => ({
      name: NAME,
      metadata: MemberMetadata.encode({ version: VERSION, topics, userData: Buffer.from(JSON.stringify(held())) }),
    }),
    assign: async ({ members }) => {
      const joined = members.map(memberOf).toSorted((a, b) => (a.id < b.id ? -1 : 1));
      const owners = new Map(joined.flatMap((member) => member.held.map((at) => [partitionName(at), member])));
      const wants = (member: Member, topic: string): boolean => member.topics.includes(topic);
      const slots = await partitionsIn([...new Set(joined.flatMap(({ topics }) => topics))].toSorted(), partitionsOf);
      const shares = [...shareOut(slots, joined, wants, (slot) => owners.get(partitionName(slot)))];
      return joined.map((member) => ({
        memberId: member.id,
        memberAssignment: MemberAssignment.encode({
          version: VERSION,
          assignment: byTopic(shares.filter(([, owner]) => owner === member).map(([slot]) => slot)),
          userData: Buffer.alloc(0),
        }),
      }));
    },
  });

async function partitionsIn(
  topics: readonly string[],
  partitionsOf: AssignerParts['partitionsOf'],
): Promise<readonly TopicPartition[]> {
  const slots: TopicPartition[] = [];
  for (const topic of topics)
    for (let partition = 0, count = await partitionsOf(topic); partition < count; partition++)
      slots.push({ topic, partition });
  return slots;
}

function byTopic(slots: readonly TopicPartition[]): Record<string, number[]> {
  const found: Record<string, number[]> = {};
  for (const { topic, partition } of slots) (found[topic] ??= []).push(partition);
  return found;
}

function memberOf({ memberId: id, memberMetadata }: { memberId: string; memberMetadata: Buffer }): Member {
  const decoded = MemberMetadata.decode(memberMetadata);
  const text = decoded?.userData.toString('utf8') ?? '';
  return { id, topics: decoded?.topics ?? [], held: text === '' ? [] : (JSON.parse(text) as TopicPartition[]) };
}
