import zstd from '@mongodb-js/zstd';
import kafkajs, { type CompressionTypes } from 'kafkajs';
import snappy from 'kafkajs-snappy';
import lz4 from 'lz4-napi';

const { CompressionCodecs, CompressionTypes: types } = kafkajs;

interface Encoded {
  readonly buffer: Buffer;
}

type Decompressor = () => { decompress(bytes: Buffer): Promise<Buffer> };

export type Codec = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd';

/** Teaches kafkajs the codecs that it has no code for (gzip it has). To be called before anything is sent. */
export function registerCodecs(): void {
  CompressionCodecs[types.Snappy] = snappy;
  CompressionCodecs[types.LZ4] = () => ({
    compress: ({ buffer }: Encoded) => lz4.compressFrame(buffer),
    decompress: (bytes: Buffer) => lz4.decompressFrame(bytes),
  });
  CompressionCodecs[types.ZSTD] = () => ({
    compress: ({ buffer }: Encoded) => zstd.compress(buffer, 3),
    decompress: (bytes: Buffer) => zstd.decompress(bytes),
  });
}

const codecTypes: Readonly<Record<Codec, CompressionTypes>> = {
  none: types.None,
  gzip: types.GZIP,
  snappy: types.Snappy,
  lz4: types.LZ4,
  zstd: types.ZSTD,
};

/** The codec as kafkajs names it; its numbers are those of a record batch. */
export const compressionOf = (codec: Codec): CompressionTypes => codecTypes[codec];

/** The records of a batch, unpacked. Rejects where they are damaged, or packed with a codec that nobody here knows. */
export async function decompress(bytes: Buffer, codec: number): Promise<Buffer> {
  const codecs = CompressionCodecs as Readonly<Record<number, Decompressor | undefined>>;
  const create = codecs[codec];
  if (create === undefined) throw new RangeError(`a record batch is compressed with codec ${codec}, which is unknown`);
  return create().decompress(bytes);
}
