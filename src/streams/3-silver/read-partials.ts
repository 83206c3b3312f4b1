import { map, type OperatorFunction } from 'rxjs';
import { PulseError } from '../../errors.ts';
import type { RejectedRecord } from '../2-bronze/divert-rejected.ts';
import type { LogRecord } from '../log/record.ts';
import { decodePartial } from './hour-json.ts';
import type { AcceptedPartial } from './hour-row.ts';

/** A record of `pulse.partials`, read. */
export type ReadPartial = AcceptedPartial | RejectedRecord;

/** Records of `pulse.partials` to what they say: a partial, or a record that stage 1 can't have written. */
export const readPartials = (): OperatorFunction<LogRecord, ReadPartial> => map(readPartial);

function readPartial(record: LogRecord): ReadPartial {
  try {
    return { kind: 'partial', partial: decodePartial(record.value) };
  } catch (error) {
    if (!(error instanceof PulseError && error.remedy === 'dead-letter')) throw error;
    return { kind: 'rejected', reason: 'bad-partial', error: error.message, record };
  }
}
