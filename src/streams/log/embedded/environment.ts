import { realpathSync } from 'node:fs';
import type { SchedulerLike } from 'rxjs';
import { LocalArrivals } from '../local/arrivals.ts';
import { closed } from '../local/writer-errors.ts';
import { type LogMode, openTables, type Tables } from './tables.ts';

/** How soon commits of other processes and threads are noticed. */
const WATCH_MS = 50;

/**
 * A log's LMDB environment, shared by everybody who has it open in this thread: LMDB must not be opened twice. It starts
 * read-only and is opened anew when somebody wants to write; no read transaction lives from one turn of the event loop
 * to the next, so that nobody notices.
 */
export class Environment {
  static readonly #open = new Map<string, Environment>();

  readonly path: string;
  readonly arrivals: LocalArrivals;
  readonly #time: SchedulerLike;
  #mode: LogMode;
  #tables: Tables;
  #users = 0;
  #isWatching = false;

  private constructor(path: string, mode: LogMode, time: SchedulerLike) {
    this.#tables = openTables(path, mode);
    this.path = realpathSync(path);
    this.#mode = mode;
    this.#time = time;
    this.arrivals = new WatchedArrivals(time, () => this.#watch());
  }

  static async open(path: string, mode: LogMode, time: SchedulerLike): Promise<Environment> {
    const known = Environment.#open.get(resolved(path));
    const environment = known ?? new Environment(path, mode, time);
    Environment.#open.set(environment.path, environment);
    environment.#users++;
    try {
      if (mode === 'write') await environment.#openForWriting();
    } catch (error) {
      await environment.close();
      throw error;
    }
    return environment;
  }

  /** Throws `usage` when nobody has the log open any more. */
  get tables(): Tables {
    if (this.#users === 0) throw closed(`The log at ${this.path}`);
    return this.#tables;
  }

  async close(): Promise<void> {
    if (--this.#users > 0) return;
    Environment.#open.delete(this.path);
    await this.#tables.root.close();
  }

  async #openForWriting(): Promise<void> {
    if (this.#mode === 'write') return;
    const closing = this.#tables.root.close();
    try {
      this.#tables = openTables(this.path, 'write');
      this.#mode = 'write';
    } catch (error) {
      this.#tables = openTables(this.path, 'read');
      throw error;
    }
    await closing;
  }

  /** Others' commits make no sound: while somebody waits, everybody waiting looks again every now and then. */
  #watch(): void {
    if (this.#isWatching) return;
    this.#isWatching = true;
    const { arrivals } = this;
    const again = (): void => {
      this.#isWatching = false;
      arrivals.wake();
    };
    this.#time.schedule(again, WATCH_MS);
  }
}

class WatchedArrivals extends LocalArrivals {
  readonly #watch: () => void;

  constructor(time: SchedulerLike, watch: () => void) {
    super(time);
    this.#watch = watch;
  }

  override find<Found>(look: () => Found | undefined, waitMs: number, signal: AbortSignal): Promise<Found | undefined> {
    const watching = (): Found | undefined => {
      const found = look();
      if (found === undefined) this.#watch();
      return found;
    };
    return super.find(watching, waitMs, signal);
  }
}

function resolved(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
