import type { OutputRecord } from '../../../src/streams/log/log.ts';

const reasons: readonly (readonly [reason: string, error: string, value: string | Buffer])[] = [
  [
    'not-json',
    'it is not JSON: Unexpected end of JSON input at position 41',
    '{"id":"bitcoin","current_price":43120.5,"',
  ],
  [
    'future',
    'its event time 2031-01-01T00:00:00Z is more than 5 minutes after its observation',
    '{"id":"ethereum","current_price":2281.1,"last_updated":"2031-01-01T00:00:00Z"}',
  ],
  [
    'bad-price',
    'its current_price is -3: a price is a finite number above 0',
    '{"id":"dogecoin","current_price":-3,"last_updated":"2023-12-04T10:00:00Z"}',
  ],
  [
    'not-json',
    'it is not JSON: it is no UTF-8',
    Buffer.from(Array.from({ length: 65_536 }, (_, i) => (i * 7919) % 256)),
  ],
  ['no-id', 'it has no id', '{"symbol":"xrp","current_price":0.61}'],
];

/** Dead letters as stage 1 writes them, of every kind in turn. */
export const sampleLetters = (count: number, partition = 0): readonly OutputRecord[] =>
  Array.from({ length: count }, (_, i) => {
    const [reason, error, value] = reasons[i % reasons.length]!;
    const headers = {
      topic: 'coingecko.markets',
      partition: String(partition),
      offset: String(1000 + i),
      reason,
      error,
    };
    return { topic: 'pulse.dead_letters', partition, key: 'bitcoin', value, headers };
  });

/** Letters that were made to do harm where they are shown. */
export const hostileLetters = (): readonly OutputRecord[] => {
  const markup = '<img src=x onerror="document.title=1">';
  const hidden = '\u202egnp.exe\u0000\u001b[31m\u200b';
  const headers = {
    topic: markup,
    partition: 'x',
    offset: '1e9',
    reason: `${markup}${'r'.repeat(400)}`,
    error: hidden.repeat(40),
  };
  return [
    { topic: 'pulse.dead_letters', partition: 0, key: markup, value: `${markup}${hidden}`, headers },
    {
      topic: 'pulse.dead_letters',
      partition: 0,
      key: Buffer.of(0xff, 0xfe),
      value: Buffer.of(0, 1, 2, 0xff, 0x3c, 0x62, 0x3e),
      headers: {},
    },
    { topic: 'pulse.dead_letters', partition: 0, key: null, value: null, headers: {} },
    { topic: 'pulse.dead_letters', partition: 0, key: 'x'.repeat(5000), value: 'w'.repeat(900_000), headers },
  ];
};
