import process from 'node:process';
import { reportFailure } from './report-failure.ts';
import { standardOutput } from './standard-output.ts';

/**
 * Ends the process once stdout and stderr have taken what was written: to a pipe that may still be on its way. Output that
 * did not get there is a failure, if there was no other.
 */
export async function exitWhenWritten(code: number): Promise<never> {
  for (const stream of [process.stdout, process.stderr])
    if (stream.writable) await new Promise<void>((resolve) => void stream.write('', () => resolve()));
  const { failure } = standardOutput;
  process.exit(code === 0 && failure !== undefined ? reportFailure(failure, false) : code);
}
