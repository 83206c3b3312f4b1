import { PulseError } from '../../errors.ts';

/** The fields of a JSON object; throws `bad-record` for anything else. */
export function jsonObject(value: Buffer): Readonly<Record<string, unknown>> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(value.toString('utf8'));
  } catch (cause) {
    throw new PulseError('bad-record', 'the value is not JSON', { cause });
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new PulseError('bad-record', 'the value is not an object');
  return parsed as Readonly<Record<string, unknown>>;
}
