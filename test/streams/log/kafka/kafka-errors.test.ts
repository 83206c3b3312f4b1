import { describe, expect, it } from 'vitest';
import { PulseError } from '../../../../src/errors.ts';
import { kafkaFailure } from '../../../../src/streams/log/kafka/kafka-errors.ts';

/** As kafkajs wraps what a broker answers when it gives up trying. */
const wrapped = (type: string): Error =>
  Object.assign(new Error('retries exceeded'), {
    cause: Object.assign(new Error('wrapped'), {
      originalError: Object.assign(new Error(`it says ${type}`), { type }),
    }),
  });

describe('what kafkajs throws', () => {
  it.each([
    ['PRODUCER_FENCED', 'fenced', 'halt'],
    ['INVALID_PRODUCER_EPOCH', 'fenced', 'halt'],
    ['INVALID_PRODUCER_ID_MAPPING', 'log-unavailable', 'retry'],
    ['NOT_LEADER_FOR_PARTITION', 'log-unavailable', 'retry'],
    ['SASL_AUTHENTICATION_FAILED', 'log-refused', 'halt'],
    ['TOPIC_AUTHORIZATION_FAILED', 'log-refused', 'halt'],
  ])('%s, however deep, is %s', (type, code, remedy) => {
    expect(kafkaFailure(wrapped(type), 'writing')).toMatchObject({ code, remedy });
  });

  it('says the fact and what to do about it', () => {
    const { message } = kafkaFailure(wrapped('GROUP_AUTHORIZATION_FAILED'), 'joining');
    expect(message).toBe('joining: GROUP_AUTHORIZATION_FAILED: grant the user the right to read the groups.');
  });

  it('may pass where nobody knows it', () => {
    expect(kafkaFailure(new Error('socket hang up'), 'reading')).toMatchObject({
      code: 'log-unavailable',
      message: 'reading: socket hang up',
    });
  });

  it('stays what it is where it is one of ours', () => {
    const own = new PulseError('unknown-topic', 'gone');
    expect(kafkaFailure(own, 'reading')).toBe(own);
  });
});
