import process from 'node:process';
import { PulseError } from '../errors.ts';
import { exitCodes } from './exit-codes.ts';

/** Says on stderr, in one line, why the command failed, and where it came from if asked; the exit code. */
export function reportFailure(error: unknown, verbose: boolean): number {
  const message = error instanceof Error ? error.message : String(error);
  const isKnown = error instanceof PulseError;
  reportLine(isKnown ? message : `unexpected: ${message} (--verbose shows where)`);
  if (verbose) process.stderr.write(`${traceOf(error)}\n`);
  return isKnown && error.code === 'usage' ? exitCodes.wrongUsage : exitCodes.failed;
}

/** Says why the command failed, in one line. */
export const reportLine = (text: string): void =>
  void process.stderr.write(`pulse: ${text.trim().replace(/\s*\n\s*/g, ' ')}\n`);

function traceOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const cause = error.cause === undefined ? '' : `\ncaused by: ${traceOf(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
