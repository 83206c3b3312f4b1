import { PulseError } from '../../errors.ts';
import type { Sleep } from '../clock/sleep.ts';
import type { IngestLogger, IngestSource } from './ingest-source.ts';

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;

/**
 * The source, run again for as long as what ended it may pass, as when no broker answers: every run goes on where the one
 * before has committed. The signal ends it while it waits, too.
 */
export const persistentSource = (
  source: IngestSource,
  sleep: Sleep,
  logger: IngestLogger | undefined,
): IngestSource => ({
  async run(signal) {
    for (let wait = FIRST_WAIT_MS; ; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
      try {
        return await source.run(signal);
      } catch (error) {
        if (signal.aborted || !(error instanceof PulseError && error.remedy === 'retry')) throw error;
        logger?.warn(`the source was interrupted and goes on in ${wait} ms: ${error.message}`);
      }
      await sleep(wait, signal);
    }
  },
});
