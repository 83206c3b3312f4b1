import { asyncScheduler } from 'rxjs';
import { describe, expect, inject, it } from 'vitest';
import { openKafkaLog } from '../../src/streams/log/kafka/kafka-log.ts';
import { flow } from '../../src/streams/stages/flow.ts';
import { ensureFlowPositions } from '../../src/streams/stages/flow-positions.ts';
import { readPositions } from '../../src/streams/task/positions.ts';
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
});
