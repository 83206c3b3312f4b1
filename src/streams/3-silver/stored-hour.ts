import type { Codec } from '../../state/codec.ts';
import type { HourRow } from './hour-row.ts';

/** An hour as state keeps it: the Silver row without the coin's id, which is in the key. */
export interface StoredHour extends HourRow {
  readonly final: boolean;
}

const BYTES = 13 * 8 + 1;
const scratch = Buffer.alloc(BYTES);
const view = new DataView(scratch.buffer, scratch.byteOffset, BYTES);

/** 105 bytes: thirteen float64 (null as NaN, which no figure can be), then the flag. Little-endian. */
export const storedHourCodec: Codec<StoredHour> = {
  /** The result is overwritten by the next call. */
  encode(row) {
    view.setFloat64(0, row.ts, true);
    view.setFloat64(8, row.price, true);
    view.setFloat64(16, row.open, true);
    view.setFloat64(24, row.high, true);
    view.setFloat64(32, row.low, true);
    view.setFloat64(40, row.marketCap ?? NaN, true);
    view.setFloat64(48, row.volume ?? NaN, true);
    view.setFloat64(56, row.observations, true);
    view.setFloat64(64, row.openEventTs, true);
    view.setFloat64(72, row.openObservedAt, true);
    view.setFloat64(80, row.closeEventTs, true);
    view.setFloat64(88, row.closeObservedAt, true);
    view.setFloat64(96, row.observedAt, true);
    scratch[104] = row.final ? 1 : 0;
    return scratch;
  },
  decode(bytes) {
    return {
      ts: bytes.readDoubleLE(0),
      price: bytes.readDoubleLE(8),
      open: bytes.readDoubleLE(16),
      high: bytes.readDoubleLE(24),
      low: bytes.readDoubleLE(32),
      marketCap: nullable(bytes.readDoubleLE(40)),
      volume: nullable(bytes.readDoubleLE(48)),
      observations: bytes.readDoubleLE(56),
      openEventTs: bytes.readDoubleLE(64),
      openObservedAt: bytes.readDoubleLE(72),
      closeEventTs: bytes.readDoubleLE(80),
      closeObservedAt: bytes.readDoubleLE(88),
      observedAt: bytes.readDoubleLE(96),
      final: bytes[104] === 1,
    };
  },
};

const nullable = (value: number): number | null => (Number.isNaN(value) ? null : value);
