import type { Codec } from './codec.ts';

/** Text as UTF-8. */
export const textCodec: Codec<string> = {
  encode: (value) => Buffer.from(value, 'utf8'),
  decode: (bytes) => bytes.toString('utf8'),
};
