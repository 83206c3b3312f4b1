import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { PulseError } from '../../../errors.ts';
import { isAlive, isSameProcess, type ProcessIdentity, thisProcess } from './process-identity.ts';
import type { Tables } from './tables.ts';

const LOCK_KEY = 'lock';

/** How long the lock of a process on another host, whose life can't be checked, outlives its last sign of life. */
const SILENCE_MS = 30_000;

/** How often a writer gives a sign of life. */
export const RENEWAL_MS = 10_000;

const storedLock = z.object({
  pid: z.number(),
  start: z.string(),
  host: z.string(),
  /** Unguessable, new with every taking: whoever finds another one in its transaction has lost the lock. */
  token: z.string(),
  /** How many logs of the owner (in its threads) hold it. */
  holders: z.number(),
  renewedAt: z.number(),
  /** Which of the holders does the log's upkeep, and until when unless it says so again; empty: nobody. */
  keeper: z.string(),
  keeperUntil: z.number(),
});

type StoredLock = z.infer<typeof storedLock>;

/**
 * The lock that lets one process write to a log; its threads share it. It is a record in the log itself, taken in a
 * write transaction, so that two takers can't both succeed, and checked in every later one, so that a writer that lost
 * it (its host slept, another took over) can't append.
 */
export class WriterLock {
  readonly #path: string;
  readonly #token: string;
  readonly #holder = randomUUID();

  private constructor(path: string, token: string) {
    this.#path = path;
    this.#token = token;
  }

  /**
   * Takes the lock; to be called in a write transaction. Throws `log-locked` while its owner lives, takes it over from
   * a dead one.
   */
  static take(tables: Tables, path: string, now: number): WriterLock {
    const own = thisProcess();
    const held = read(tables);
    const isShared = held !== undefined && isSameProcess(held, own);
    if (held !== undefined && !isShared && isHeld(held, own, now)) throw locked(held, path);
    const lock = isShared
      ? { ...held, holders: held.holders + 1, renewedAt: now }
      : { ...own, token: randomUUID(), holders: 1, renewedAt: now, keeper: '', keeperUntil: 0 };
    tables.meta.putSync(LOCK_KEY, lock);
    return new WriterLock(path, lock.token);
  }

  /** Throws `fenced` when somebody else has taken the lock; to be called first in every write transaction. */
  check(tables: Tables): void {
    const held = read(tables);
    if (held?.token !== this.#token) throw lost(this.#path, held);
  }

  /** Gives a sign of life; whether this holder is the one that does the log's upkeep. In a write transaction. */
  renew(tables: Tables, now: number): boolean {
    const held = read(tables);
    if (held === undefined) return false;
    const isKeeper = held.keeper === this.#holder || held.keeper === '' || held.keeperUntil < now;
    const keeping = isKeeper ? { keeper: this.#holder, keeperUntil: now + SILENCE_MS } : {};
    tables.meta.putSync(LOCK_KEY, { ...held, renewedAt: now, ...keeping });
    return isKeeper;
  }

  release(tables: Tables): void {
    const held = read(tables);
    if (held === undefined || held.token !== this.#token) return;
    const keeper = held.keeper === this.#holder ? '' : held.keeper;
    if (held.holders > 1) tables.meta.putSync(LOCK_KEY, { ...held, holders: held.holders - 1, keeper });
    else tables.meta.removeSync(LOCK_KEY);
  }
}

function read(tables: Tables): StoredLock | undefined {
  const stored = tables.meta.get(LOCK_KEY);
  return stored === undefined ? undefined : storedLock.parse(stored);
}

const isHeld = (lock: StoredLock, own: ProcessIdentity, now: number): boolean =>
  lock.host === own.host ? isAlive(lock) : now - lock.renewedAt < SILENCE_MS;

const locked = ({ pid, host }: StoredLock, path: string): PulseError =>
  new PulseError(
    'log-locked',
    `Process ${pid} on ${host} is writing to the log at ${path}: stop it, or use another folder.`,
  );

const lost = (path: string, by: StoredLock | undefined): PulseError =>
  new PulseError(
    'fenced',
    `The log at ${path} was taken over by ${by === undefined ? 'another process' : `process ${by.pid} on ${by.host}`}.`,
  );
