import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { PulseError } from '../../../errors.ts';
import type { Tables } from './tables.ts';

const HEADER_KEY = 'header';
const FORMAT = 1;

/** What a log says of itself, written when it is created. */
const header = z.object({ format: z.number(), identity: z.string() });

/** The log's identity. Throws `log-format` where the log is of another format or is none. */
export function readIdentity(tables: Tables, path: string): string {
  const stored = tables.meta.get(HEADER_KEY);
  const parsed = header.safeParse(stored);
  if (!parsed.success) throw new PulseError('log-format', `${path} holds no log of this program: use another folder.`);
  const { format, identity } = parsed.data;
  if (format === FORMAT) return identity;
  const age = format < FORMAT ? 'older' : 'newer';
  throw new PulseError(
    'log-format',
    `The log at ${path} has the ${age} format ${format}, this program knows ${FORMAT}.`,
  );
}

/** Gives a new log its header; in a write transaction. */
export function createHeader(tables: Tables): void {
  if (tables.meta.get(HEADER_KEY) === undefined && isEmpty(tables)) {
    tables.meta.putSync(HEADER_KEY, { format: FORMAT, identity: randomUUID() });
  }
}

const isEmpty = (tables: Tables): boolean => tables.batches.getKeysCount({ limit: 1 }) === 0;
