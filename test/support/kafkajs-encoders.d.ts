/* kafkajs's own writing of record batches, which tests take as the word of another implementation. */

declare module 'kafkajs/src/protocol/recordBatch/v0/index.js' {
  const encoder: { RecordBatch(batch: Readonly<Record<string, unknown>>): Promise<{ readonly buffer: Buffer }> };
  export default encoder;
}

declare module 'kafkajs/src/protocol/recordBatch/record/v0/index.js' {
  const encode: (record: Readonly<Record<string, unknown>>) => unknown;
  export default encode;
}

declare module 'kafkajs/src/utils/long.js' {
  const long: { fromValue(value: number): unknown };
  export default long;
}

declare module 'kafkajs/src/protocol/encoder.js' {
  export default class Encoder {
    writeInt32(value: number): this;
    writeString(text: string): this;
  }
}
