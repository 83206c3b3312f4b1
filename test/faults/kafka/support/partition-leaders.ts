import kafkajs, { type Admin } from 'kafkajs';
import { onTestFinished } from 'vitest';
import { eventually } from './eventually.ts';

const { Kafka, logLevel } = kafkajs;

const REPLICAS = 3;

/** Who leads the partitions of a cluster of three. */
export interface PartitionLeaders {
  /** The node that leads a partition now. */
  of(topic: string, partition: number): Promise<number>;
  /** Resolves when every replica of the topics is in sync: losing one of them then loses nothing. */
  untilInSync(topics: readonly string[]): Promise<void>;
}

/** Asks the cluster, until the test is over. */
export async function partitionLeaders(brokers: readonly string[]): Promise<PartitionLeaders> {
  const admin = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  onTestFinished(() => admin.disconnect());
  return {
    async of(topic, partition) {
      let leader = -1;
      const isKnown = async (): Promise<boolean> => {
        leader = (await partitionsOf(admin, topic)).find(({ partitionId }) => partitionId === partition)?.leader ?? -1;
        return leader > 0;
      };
      await eventually(`${topic}[${partition}] has a leader`, isKnown);
      return leader;
    },
    async untilInSync(topics) {
      for (const topic of topics) {
        const isInSync = async (): Promise<boolean> => {
          const partitions = await partitionsOf(admin, topic);
          return partitions.length > 0 && partitions.every(({ isr }) => isr.length === REPLICAS);
        };
        await eventually(`the replicas of ${topic} are in sync`, isInSync);
      }
    },
  };
}

/** None while the cluster is too busy with itself to say. */
const partitionsOf = async (admin: Admin, topic: string) =>
  (await admin.fetchTopicMetadata({ topics: [topic] }).catch(() => ({ topics: [] }))).topics[0]?.partitions ?? [];
