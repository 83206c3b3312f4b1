import { expect, it } from 'vitest';
import { deadLetter } from '../../../src/streams/2-bronze/dead-letter.ts';
import { logRecord } from '../../support/log-record.ts';

it('a dead letter has the bytes and headers of its record, and says why it is here and where from', () => {
  const value = Buffer.from([0xff, 0x00, 0x7b]);
  const record = logRecord({
    offset: 2 ** 40,
    key: 'bit coin',
    value,
    headers: { source: 'recorded', reason: 'forged' },
  });
  const from = { topic: 'ns.coingecko.markets', partition: 3 };
  const letter = deadLetter('ns.pulse.dead_letters', record, from, { reason: 'no-id', error: 'it has no id' });
  expect(letter).toEqual({
    topic: 'ns.pulse.dead_letters',
    partition: 3,
    key: Buffer.from('bit coin'),
    value,
    headers: {
      source: Buffer.from('recorded'),
      topic: 'ns.coingecko.markets',
      partition: '3',
      offset: '1099511627776',
      reason: 'no-id',
      error: 'it has no id',
    },
  });
});

it('the dead letter of a tombstone without a key is one', () => {
  const letter = deadLetter('dead', logRecord(), { topic: 'in', partition: 0 }, { reason: 'not-json', error: 'null' });
  expect([letter.key, letter.value]).toEqual([null, null]);
});

it('the dead letter of a record about as large as a broker takes is cut, and says from how much', () => {
  const cause = { reason: 'not-json', error: 'Unexpected token' };
  const kept = logRecord({ key: 'k', value: Buffer.alloc(1_039_999, 'v'), headers: {} });
  expect(deadLetter('dead', kept, { topic: 'in', partition: 0 }, cause).value).toBe(kept.value);
  for (const large of [
    logRecord({ key: 'k', value: Buffer.alloc(1_040_000, 'v'), headers: {} }),
    logRecord({ key: 'k'.repeat(1_040_001), value: null, headers: {} }),
    logRecord({ key: 'k', value: null, headers: { source: 'h'.repeat(1_039_994) } }),
  ]) {
    const { key, value, headers } = deadLetter('dead', large, { topic: 'in', partition: 2 }, cause);
    expect(key).toEqual(large.key?.subarray(0, 65_536) ?? null);
    expect(value).toEqual(large.value?.subarray(0, 65_536) ?? null);
    expect(headers).toEqual({ topic: 'in', partition: '2', offset: '0', ...cause, cut_from: '1040001' });
  }
});
