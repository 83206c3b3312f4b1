import type { Codec } from '../../state/codec.ts';
import type { HourMs } from '../time.ts';

/** What stage 2 knows of a coin beside its hours; both are maxima over the hours, so the hours restore it. */
export interface CoinSummary {
  /** The largest observed at of all the coin's ticks: what makes hours final. */
  readonly observedAt: number;
  /** The coin's newest hour. */
  readonly newest: HourMs;
}

const scratch = Buffer.alloc(16);

/** 16 bytes: two float64, little-endian. */
export const coinSummaryCodec: Codec<CoinSummary> = {
  /** The result is overwritten by the next call. */
  encode({ observedAt, newest }) {
    scratch.writeDoubleLE(observedAt, 0);
    scratch.writeDoubleLE(newest, 8);
    return scratch;
  },
  decode: (bytes) => ({ observedAt: bytes.readDoubleLE(0), newest: bytes.readDoubleLE(8) }),
};
