import type { Step, StepDone } from '../../../src/streams/skew-lab/steps.ts';

/** As if a record took 20 µs, and sending it on and receiving it 1 µs each, however busy the machine is. */
export function priced(done: StepDone, step: Step): StepDone {
  switch (done.kind) {
    case 'calibrated':
      return { ...done, costs: { workUs: 20, sendUs: 1, receiveUs: 1 } };
    case 'forwarded':
      return { ...done, busyMs: done.bundles.reduce((sum, { records }) => sum + records, 0) / 1_000 };
    case 'worked': {
      const receiveMs = step.kind === 'received' ? done.records / 1_000 : 0;
      return { ...done, receiveMs, busyMs: done.records / 50 + receiveMs };
    }
    case 'reduced':
      return done;
  }
}
