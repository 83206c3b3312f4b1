import kafkajs from 'kafkajs';
import { asyncScheduler } from 'rxjs';
import { describe, expect, inject, it } from 'vitest';
import { openKafkaLog } from '../../src/streams/log/kafka/kafka-log.ts';
import { flow } from '../../src/streams/stages/flow.ts';
import { ensureFlowPositions } from '../../src/streams/stages/flow-positions.ts';
import { genesisId } from '../../src/streams/task/genesis.ts';
import { positionRecord, readPositions } from '../../src/streams/task/positions.ts';
import { topicNames, topicSpecs } from '../../src/streams/topics.ts';

const ROUNDS = 12;
const INSTANCES = 4;
const PARTITIONS = 2;

describe('first positions', () => {
  it(`are written once and by all means, whoever else begins at that moment (${ROUNDS} rounds)`, async () => {
    const open = () => openKafkaLog({ brokers: inject('kafkaBrokers') });
    const logs = await Promise.all(Array.from({ length: INSTANCES }, open));
    const [log] = logs;
    for (let round = 0; round < ROUNDS; round++) {
      const namespace = `genesis-${process.pid}-${round}`;
      const names = topicNames(namespace);
      await log!.topics.ensure(topicSpecs(namespace, PARTITIONS));
      const stages = flow(names);
      await Promise.all(logs.map((each) => ensureFlowPositions(each, namespace, PARTITIONS, asyncScheduler)));
      for (let partition = 0; partition < PARTITIONS; partition++) {
        const at = { topic: names.positions, partition };
        const { start, end } = await log!.bounds(at);
        let committed = 0;
        for await (const { records } of log!.read(at, start, end)) committed += records.length;
        expect(committed).toBe(stages.length);
        expect((await readPositions(log!, names.positions, partition)).size).toBe(stages.length);
      }
    }
    await Promise.all(logs.map((each) => each.close()));
  });

  it('are written by the next to begin, where one has stopped in the middle of it, and not by that one once it goes on', async () => {
    const brokers = [...inject('kafkaBrokers')];
    const namespace = `genesis-${process.pid}-halfway`;
    const names = topicNames(namespace);
    const stages = flow(names);
    const log = await openKafkaLog({ brokers });
    await log.topics.ensure(topicSpecs(namespace, PARTITIONS));
    const halfway = new kafkajs.Kafka({ brokers, logLevel: kafkajs.logLevel.NOTHING }).producer({
      ...{ transactionalId: genesisId(namespace), idempotent: true, maxInFlightRequests: 1, transactionTimeout: 3_000 },
    });
    await halfway.connect();
    const transaction = await halfway.transaction();
    const at = { topic: names.markets, partition: 0 };
    const { topic, partition, key, value } = positionRecord(names.positions, {
      ...{ stage: stages[0]!.name, ...at, offset: 7, carried: {} },
    });
    await transaction.send({ topic, messages: [{ partition, key, value }] });

    await ensureFlowPositions(log, namespace, PARTITIONS, asyncScheduler);
    await expect(transaction.commit()).rejects.toThrow();
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const positions = [...(await readPositions(log, names.positions, partition)).values()];
      expect(positions).toEqual(
        stages.map(({ name }) => expect.objectContaining({ stage: name, offset: 0 }) as unknown),
      );
    }
    await halfway.disconnect();
    await log.close();
  });
});
