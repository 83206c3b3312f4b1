import process from 'node:process';

/** Ends the process once stdout and stderr have taken what was written: to a pipe that may still be on its way. */
export async function exitWhenWritten(code: number | string | null | undefined): Promise<never> {
  for (const stream of [process.stdout, process.stderr])
    if (stream.writable) await new Promise<void>((resolve) => void stream.write('', () => resolve()));
  process.exit(code);
}
