import { z } from 'zod';
import { PulseError } from '../../../errors.ts';

/** What a registry said, and how. */
export type RegistryAnswer =
  | { readonly kind: 'done'; readonly data: unknown }
  /** It understood, and does not do it: 404, 409, 422. */
  | { readonly kind: 'refused'; readonly status: number; readonly message: string };

/** What the client rejects with. */
const failure = z.object({ status: z.number(), message: z.string() });

/** Before the registry's own words, the client puts its name. */
const CLIENT_NAME = /^\w* - /;
/** What it makes of an answer without a message. */
const NO_MESSAGE = /^Error, status (\d+)/;
/** The client calls a connection that failed an answer 400 of its own; a registry's has a message. */
const NO_ANSWER = /^Error, status 400(?:: (.*))?$/s;

const refusedStatuses: readonly number[] = [404, 409, 422];
const passingStatuses: readonly number[] = [408, 425, 429];

/**
 * Tells a refusal from the failures that throw: `registry-unavailable`, which may pass, and `registry-refused`, which a
 * person must act on. `where` is the registry's address without secrets.
 */
export function answerOf(error: unknown, where: string): RegistryAnswer {
  const parsed = failure.safeParse(error);
  if (!parsed.success) throw unavailable(where, (error as Error).message, error);
  const { status } = parsed.data;
  const said = parsed.data.message.replace(CLIENT_NAME, '');
  const silent = NO_ANSWER.exec(said);
  if (silent !== null) throw unavailable(where, silent[1] ?? 'it can’t be reached', error);
  const message = oneLine(said.replace(NO_MESSAGE, 'it answers $1'));
  if (status >= 500 || passingStatuses.includes(status)) throw unavailable(where, message, error);
  if (status === 401 || status === 403)
    throw refused(
      where,
      `lets nobody in: ${message}; set SCHEMA_REGISTRY_USERNAME and SCHEMA_REGISTRY_PASSWORD`,
      error,
    );
  if (refusedStatuses.includes(status)) return { kind: 'refused', status, message };
  throw refused(where, `answers ${status}: ${message}`, error);
}

/** What may pass. */
export const unavailable = (where: string, why: string, cause?: unknown): PulseError =>
  new PulseError('registry-unavailable', `the schema registry at ${where} does not answer: ${oneLine(why)}`, { cause });

/** What a person must act on. */
export const refused = (where: string, what: string, cause?: unknown): PulseError =>
  new PulseError('registry-refused', `the schema registry at ${where} ${oneLine(what)}`, { cause });

const LONGEST = 400;

const oneLine = (text: string): string => {
  const line = text.trim().replace(/\s+/g, ' ');
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
};
