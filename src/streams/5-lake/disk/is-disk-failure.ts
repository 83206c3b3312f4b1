import { PulseError } from '../../../errors.ts';

/** Whether the disk is full or can't be written: it may be well again later. */
export const isDiskFailure = (error: unknown): error is PulseError =>
  error instanceof PulseError && (error.code === 'disk-full' || error.code === 'disk-unwritable');
