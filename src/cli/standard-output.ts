import process from 'node:process';
import { PulseError } from '../errors.ts';

/** How stdout came to take no more: a reader that has had enough, or a failure. */
interface Ended {
  readonly failure?: PulseError;
}

let ended: Ended | undefined;
let goOn: (() => void) | undefined;

process.stdout.on('error', (cause: NodeJS.ErrnoException) => {
  // Whoever has read enough closes the pipe: that is no failure.
  ended ??= cause.code === 'EPIPE' ? {} : { failure: failureOf(cause) };
  goOn?.();
});
process.stdout.on('drain', () => goOn?.());

/** Stdout, at the pace of its reader. */
export const standardOutput = {
  /** Writes a line. Resolves when it may go on: false when nobody reads any more. Rejects with {@link failure}. */
  async write(line: string): Promise<boolean> {
    if (ended === undefined && !process.stdout.write(`${line}\n`))
      await new Promise<void>((resolve) => (goOn = resolve));
    if (ended?.failure !== undefined) throw ended.failure;
    return ended === undefined;
  },
  /** Why what was written did not all get there: `disk-full` or `disk-unwritable`. */
  get failure(): PulseError | undefined {
    return ended?.failure;
  },
};

const failureOf = (cause: NodeJS.ErrnoException): PulseError =>
  cause.code === 'ENOSPC'
    ? new PulseError('disk-full', 'the disk that the output goes to is full: free some space and start again', {
        cause,
      })
    : new PulseError('disk-unwritable', `the output can't be written: ${cause.message}`, { cause });
