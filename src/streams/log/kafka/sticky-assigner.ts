import kafkajs, { type PartitionAssigner } from 'kafkajs';
import type Cluster from 'kafkajs/src/cluster/index.js';
import { assign } from '../local/assign.ts';
import type { TopicPartition } from '../log.ts';

const { MemberAssignment, MemberMetadata } = kafkajs.AssignerProtocol;

const NAME = 'pulse-sticky';
const VERSION = 1;

interface Slot extends TopicPartition {
  readonly owner: string | undefined;
}

/**
 * Shares partitions out as evenly as can be, moving as few as can be: every member says along with its join what it holds
 * (`held`), and whoever leads the group gives the rest to those with the least.
 */
export const stickyAssigner =
  (held: () => readonly TopicPartition[]): PartitionAssigner =>
  ({ cluster }) => ({
    name: NAME,
    version: VERSION,
    protocol: ({ topics }) => ({
      name: NAME,
      metadata: MemberMetadata.encode({ version: VERSION, topics, userData: Buffer.from(JSON.stringify(held())) }),
    }),
    assign: async ({ members }) => {
      const joined = members
        .map(({ memberId, memberMetadata }) => ({ memberId, ...memberOf(memberMetadata) }))
        .toSorted((a, b) => (a.memberId < b.memberId ? -1 : 1));
      // Its leader need not want every topic, and kafkajs knows of no others by itself.
      await (cluster as unknown as Cluster).addMultipleTargetTopics([
        ...new Set(joined.flatMap(({ topics }) => topics)),
      ]);
      const owners = new Map(joined.flatMap(({ memberId, held: those }) => those.map((at) => [nameOf(at), memberId])));
      const assigned = new Map(joined.map(({ memberId }) => [memberId, new Map<string, number[]>()]));
      for (const { takers, topics } of pools(joined)) {
        const slots = topics.flatMap((topic) =>
          cluster.findTopicPartitionMetadata(topic).map(({ partitionId: partition }): Slot => {
            const at = { topic, partition };
            return { ...at, owner: owners.get(nameOf(at)) };
          }),
        );
        const sorted = slots.toSorted((a, b) =>
          a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1,
        );
        const ownerOf = ({ owner }: Slot): string | undefined =>
          owner !== undefined && takers.includes(owner) ? owner : undefined;
        for (const [{ topic, partition }, taker] of assign(sorted, takers, ownerOf)) {
          const ofTaker = assigned.get(taker) ?? new Map<string, number[]>();
          ofTaker.set(topic, [...(ofTaker.get(topic) ?? []), partition]);
        }
      }
      return [...assigned].map(([memberId, partitions]) => ({
        memberId,
        memberAssignment: MemberAssignment.encode({
          version: VERSION,
          assignment: Object.fromEntries(partitions),
          userData: Buffer.alloc(0),
        }),
      }));
    },
  });

interface Joined {
  readonly memberId: string;
  readonly topics: readonly string[];
  readonly held: readonly TopicPartition[];
}

/** Topics that the same members want are shared out together, so that many small topics are spread as well. */
function pools(members: readonly Joined[]): readonly { takers: readonly string[]; topics: string[] }[] {
  const found = new Map<string, { takers: readonly string[]; topics: string[] }>();
  for (const topic of new Set(members.flatMap(({ topics }) => topics))) {
    const takers = members.filter(({ topics }) => topics.includes(topic)).map(({ memberId }) => memberId);
    const pool = found.get(takers.join()) ?? { takers, topics: [] };
    pool.topics.push(topic);
    found.set(takers.join(), pool);
  }
  return [...found.values()];
}

function memberOf(metadata: Buffer): Omit<Joined, 'memberId'> {
  const decoded = MemberMetadata.decode(metadata);
  const text = decoded?.userData.toString('utf8') ?? '';
  return { topics: decoded?.topics ?? [], held: text === '' ? [] : (JSON.parse(text) as TopicPartition[]) };
}

const nameOf = ({ topic, partition }: TopicPartition): string => `${partition} ${topic}`;
