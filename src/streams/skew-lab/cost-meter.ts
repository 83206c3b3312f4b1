import type { RecordCosts } from '../hot-keys/lane-demand.ts';
import type { RanStep } from './run-steps.ts';

/** What a record costs by what was measured so far; by the calibration, where nothing was. */
export class CostMeter {
  readonly #calibrated: RecordCosts;
  #workMs = 0;
  #worked = 0;
  #sendMs = 0;
  #sent = 0;
  #receiveMs = 0;
  #received = 0;

  constructor(calibrated: RecordCosts) {
    this.#calibrated = calibrated;
  }

  add(ran: readonly RanStep[]): void {
    for (const { step, done } of ran) {
      if (done.kind === 'worked') {
        this.#workMs += done.busyMs - done.receiveMs;
        this.#worked += done.records;
        if (step.kind !== 'received') continue;
        this.#receiveMs += done.receiveMs;
        this.#received += done.records;
      } else if (done.kind === 'forwarded') {
        this.#sendMs += done.busyMs;
        this.#sent += done.bundles.reduce((sum, { records }) => sum + records, 0);
      }
    }
  }

  get costs(): RecordCosts {
    const { workUs, sendUs, receiveUs } = this.#calibrated;
    return {
      workUs: each(this.#workMs, this.#worked) ?? workUs,
      sendUs: each(this.#sendMs, this.#sent) ?? sendUs,
      receiveUs: each(this.#receiveMs, this.#received) ?? receiveUs,
    };
  }
}

const each = (ms: number, records: number): number | undefined => (records === 0 ? undefined : (1_000 * ms) / records);
