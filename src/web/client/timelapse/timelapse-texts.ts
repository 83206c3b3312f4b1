import type { Timelapse, TimelapseSpeed } from '../../replay-contract.ts';
import { formatTime, type Zone, zoneName } from '../format/time.ts';

/** The namespace as a sentence has it. */
export const namespaceText = (namespace: string): string =>
  namespace === '' ? 'the default namespace' : `the namespace ${namespace}`;

/** A time that is played, as it is told. */
export const playedTime = (ms: number | null, zone: Zone): string =>
  ms === null ? 'not begun' : `${formatTime(ms, 'full', zone)} ${zoneName(zone)}`;

/** What it is doing, where that is not just to play. */
export function timelapseState({ state, target, isPaused }: Timelapse, zone: Zone): string {
  switch (state) {
    case 'seeking':
      return `going to ${playedTime(target, zone)} …`;
    case 'going-back':
      return `going back to ${playedTime(target, zone)} …`;
    case 'ended':
      return 'at its end';
    case 'playing':
      return isPaused ? 'paused' : '';
  }
}

export const speedText = (speed: TimelapseSpeed): string =>
  speed === 'max' ? 'max' : `${Number(speed.toPrecision(4)).toLocaleString('en-US')}×`;

/** The speeds to choose among, with the one that it has. */
export const speedsWith = (offered: readonly TimelapseSpeed[], own: TimelapseSpeed): readonly TimelapseSpeed[] =>
  offered.includes(own)
    ? offered
    : [...offered, own].sort((a, b) => (a === 'max' ? Infinity : a) - (b === 'max' ? Infinity : b));

const HOUR_MS = 3_600_000;
const steps: Readonly<Record<string, number>> = {
  ArrowLeft: -HOUR_MS,
  ArrowDown: -HOUR_MS,
  ArrowRight: HOUR_MS,
  ArrowUp: HOUR_MS,
  PageDown: -24 * HOUR_MS,
  PageUp: 24 * HOUR_MS,
  Home: -Infinity,
  End: Infinity,
};

/** Where a key moves the scrubber to, an hour or a day or to an end; undefined where it is no key of it. */
export function steppedTo(key: string, at: number, { from, to }: Pick<Timelapse, 'from' | 'to'>): number | undefined {
  const step = steps[key];
  return step === undefined ? undefined : Math.min(Math.max(at + step, from), to);
}
