import { PulseError } from '../../../errors.ts';
import { dataFileFault } from '../../../state/lmdb/data-file.ts';

/**
 * Looks at a log's LMDB file before it is mapped, and throws `log-corrupt` or `log-format` at what LMDB would die of. An
 * empty or absent file is a new one.
 */
export function checkDataFile(file: string): void {
  const fault = dataFileFault(file);
  switch (fault?.kind) {
    case undefined:
      return;
    case 'damaged':
      throw new PulseError(
        'log-corrupt',
        `${file} ${fault.how}: restore it from a copy, or remove the log to start anew.`,
      );
    case 'other-format':
      throw new PulseError('log-format', `${file} ${fault.how}.`);
  }
}
