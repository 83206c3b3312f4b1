import { seededRandom } from '../1-ingest/simulated/random.ts';
import { SimulatedCoin } from '../1-ingest/simulated/simulated-coin.ts';
import { keyDraw } from './key-draw.ts';
import type { LabSpec } from './lab-spec.ts';
import type { RecordArena } from './record-arena.ts';

const START_TIME = Date.UTC(2024, 0, 1);
/** A coin is quoted once a minute, as CoinGecko does it, if all are quoted alike. */
const POLL_MS = 60_000;
/** More than a quote ever has; what is reserved and never written to takes no memory. */
const MOST_BYTES = 1_200;

/** The workload's records, in the order of event time: quotes in the shape of `/coins/markets`. The seed decides them. */
export function simulateRecords({ records, keys, popularity, seed }: LabSpec): RecordArena {
  const random = seededRandom(seed);
  const draw = keyDraw(popularity, keys);
  const coins = Array.from({ length: keys }, (_, rank) => new SimulatedCoin(rank, START_TIME, random));
  const values = new SharedArrayBuffer(records * MOST_BYTES);
  const offsets = new SharedArrayBuffer(4 * (records + 1));
  const keyNumbers = new SharedArrayBuffer(4 * records);
  const times = new SharedArrayBuffer(8 * records);
  const [bytes, ends, numbers] = [Buffer.from(values), new Uint32Array(offsets), new Int32Array(keyNumbers)];
  const observedAt = new Float64Array(times);
  let end = 0;
  for (let index = 0; index < records; index++) {
    const time = Math.floor(START_TIME + (index * POLL_MS) / keys);
    const rank = draw(random);
    const coin = coins[rank];
    if (coin === undefined) throw new RangeError(`there is no coin of rank ${rank}`);
    coin.move(time, random);
    end += bytes.write(coin.quote(), end, 'latin1');
    ends[index + 1] = end;
    numbers[index] = rank;
    observedAt[index] = time;
  }
  return { keys: coins.map(({ id }) => id), values, offsets, keyNumbers, times };
}
