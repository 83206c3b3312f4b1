import process from 'node:process';
import { PulseError } from '../errors.ts';

const FAILED = 1;
const WRONG_USAGE = 2;

/** Says on stderr, in one line, why the command failed, and where it came from if asked; the exit code. */
export function reportFailure(error: unknown, verbose: boolean): number {
  const message = error instanceof Error ? error.message : String(error);
  const prefix = error instanceof PulseError ? `pulse: ${message}` : `pulse: unexpected: ${message}`;
  process.stderr.write(`${prefix.replace(/\s*\n\s*/g, ' ')}\n`);
  if (verbose) process.stderr.write(`${traceOf(error)}\n`);
  return error instanceof PulseError && error.code === 'usage' ? WRONG_USAGE : FAILED;
}

function traceOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const cause = error.cause === undefined ? '' : `\ncaused by: ${traceOf(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
