import kafkajs from 'kafkajs';
import { expect, inject, it } from 'vitest';

/** Of every cluster that KafkaContainer starts, and of no other. */
const ID_IN_A_CONTAINER = '4L6g3nShT-eMCtK--X86sw';
/** infra/kafka.sh makes a new one each time, whose first byte is a k: an a in base64. */
const ID_OF_THE_SCRIPT = /^a[\w-]{21}$/;

it('the suite runs on the kind of broker that was demanded, as the broker itself shows', async () => {
  const admin = new kafkajs.Kafka({ brokers: [...inject('kafkaBrokers')] }).admin();
  await admin.connect();
  const { clusterId } = await admin.describeCluster();
  await admin.disconnect();
  const kind = inject('kafkaBrokerKind');
  if (kind === 'container') expect(clusterId).toBe(ID_IN_A_CONTAINER);
  if (kind === 'script') expect(clusterId).toMatch(ID_OF_THE_SCRIPT);
  const demanded = process.env['PULSE_TEST_KAFKA'] ?? '';
  if (demanded !== '') expect(kind).toBe(demanded);
});
