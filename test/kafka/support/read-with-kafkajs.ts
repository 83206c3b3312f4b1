import kafkajs, { type KafkaMessage } from 'kafkajs';
import { registerCodecs } from '../../../src/streams/log/kafka/codecs.ts';

/**
 * The records that kafkajs's own consumer gives to the only member of a new group, up to and with the first whose value
 * is `until` of every partition; read-committed, as is its default.
 */
export async function readWithKafkajs(
  brokers: readonly string[],
  topic: string,
  isEnough: (records: readonly KafkaMessage[]) => boolean,
): Promise<readonly KafkaMessage[]> {
  registerCodecs();
  const kafka = new kafkajs.Kafka({ brokers: [...brokers], logLevel: kafkajs.logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: `reader-of-${topic}-${process.pid}`, maxWaitTimeInMs: 200 });
  const records: KafkaMessage[] = [];
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await new Promise<void>((resolve, reject) => {
    consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
    void consumer.run({
      eachMessage: async ({ message }) => {
        records.push(message);
        if (isEnough(records)) resolve();
      },
    });
  });
  await consumer.disconnect();
  return records;
}
