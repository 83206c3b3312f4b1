import type { ProducerRecord, RecordMetadata, Sender } from 'kafkajs';
import { describe, expect, it } from 'vitest';
import { sendAll } from '../../../../src/streams/log/kafka/send-all.ts';
import { sendsOf } from '../../../../src/streams/log/kafka/sends.ts';

const answerOf = (partition: number, baseOffset: string | undefined): RecordMetadata =>
  ({
    topicName: 't',
    partition,
    errorCode: 0,
    ...(baseOffset !== undefined && { baseOffset }),
  }) satisfies RecordMetadata;

/** Answers each send with what `answer` says, and keeps what it was sent. */
function senderWith(answer: (sent: number) => readonly RecordMetadata[]) {
  const sent: ProducerRecord[] = [];
  const sender: Sender = {
    send: (record) => Promise.resolve([...answer(sent.push(record))]),
    sendBatch: () => Promise.reject(new Error('sends are of one partition each')),
  };
  return { sender, sent };
}

const records = (partition: number, values: readonly string[]) =>
  values.map((value) => ({ topic: 't', partition, key: null, value }));

describe('what is sent', () => {
  it('goes to one partition at a time, in order, and is taken by all replicas', async () => {
    const { sender, sent } = senderWith((nth) => [answerOf(nth - 1, String(nth * 10))]);
    const sends = sendsOf([...records(0, ['a', 'b']), ...records(1, ['c']), ...records(0, ['d'])]);
    const result = await sendAll(sender, sends, 'none');
    expect(sent.map(({ messages }) => messages.map(({ partition, value }) => `${partition}${String(value)}`))).toEqual([
      ['0a', '0b', '0d'],
      ['1c'],
    ]);
    expect(sent.map(({ acks }) => acks)).toEqual([-1, -1]);
    expect([0, 1, 2].map((partition) => result.nextOffset('t', partition))).toEqual([13, 21, undefined]);
  });

  it.each([
    { what: 'nobody has answered for', answers: [] },
    { what: 'another partition was answered for', answers: [answerOf(1, '0')] },
    { what: 'two were answered for', answers: [answerOf(0, '0'), answerOf(1, '0')] },
    { what: 'has no offset', answers: [answerOf(0, undefined)] },
  ])('is not taken for sent where $what', async ({ answers }) => {
    const { sender } = senderWith(() => answers);
    await expect(sendAll(sender, sendsOf(records(0, ['a'])), 'none')).rejects.toMatchObject({
      code: 'log-unavailable',
      message: 'no broker has answered for what was sent to t[0]',
    });
  });

  it('is no more than what went out before it was given up', async () => {
    const late = new AbortController();
    const { sender, sent } = senderWith(() => {
      late.abort(new Error('too late'));
      return [answerOf(0, '0')];
    });
    const sends = sendsOf([...records(0, ['a']), ...records(1, ['b'])]);
    await expect(sendAll(sender, sends, 'none', late.signal)).rejects.toThrow('too late');
    expect(sent).toHaveLength(1);
  });

  it('is cut up where a request would be larger than brokers take', () => {
    const [large, small] = ['x'.repeat(500_000), 'y'];
    const sends = sendsOf(records(0, [large, small, large, small]));
    expect(sends.map(({ messages }) => messages.length)).toEqual([2, 2]);
    expect(sends.flatMap(({ messages }) => messages.map(({ value }) => value))).toEqual([large, small, large, small]);
    expect(sendsOf(records(0, Array<string>(10_001).fill(small))).map(({ messages }) => messages.length)).toEqual([
      10_000, 1,
    ]);
  });
});
