import type { Database, Key, RangeOptions, RootDatabase } from 'lmdb';
import type { ViewEntry, ViewIdentity, ViewKey, ViewRange, ViewStore, ViewTable } from '../view-store.ts';
import type { LmdbSubject } from './lmdb-errors.ts';
import { inLmdbTransaction } from './lmdb-transaction.ts';
import { openOrDiscard } from './open-or-discard.ts';
import { otherIdentity } from './other-identity.ts';

export interface LmdbViewOptions {
  /** The folder of the LMDB environment, made when absent; nothing else may be in it. */
  readonly path: string;
  readonly identity: ViewIdentity;
  /** Told in a sentence why a view that was there is rebuilt. */
  readonly onDiscard: (why: string) => void;
}

/**
 * A view in LMDB, values packed with MessagePack. One that LMDB can't read, or that is of something else, is thrown away
 * and begun anew, and `onDiscard` told.
 */
export async function openLmdbView(options: LmdbViewOptions): Promise<ViewStore> {
  const { path, identity, onDiscard } = options;
  const subject: LmdbSubject = { what: 'the view', path };
  // The page on disk may lag a power failure behind: what is lost is read from the log again.
  const settings = { maxDbs: 32, encoding: 'msgpack', noMetaSync: true } as const;
  const { view, found } = openOrDiscard(subject, settings, onDiscard, (root: RootDatabase<unknown, string>) => {
    const opened = new LmdbView(root, subject);
    return { view: opened, found: opened.identity() };
  });
  const { log, namespace, format, columns } = identity;
  const wanted = JSON.stringify({ log, namespace, format, columns });
  if (found === wanted) return view;
  if (found !== undefined) {
    onDiscard(`the view in ${path} is ${otherIdentity(found, identity)}: it is rebuilt from the log`);
    await view.wipe();
  }
  await view.identify(wanted);
  return view;
}

const META = 'meta';

class LmdbView implements ViewStore {
  readonly #root: RootDatabase<unknown, string>;
  readonly #subject: LmdbSubject;
  readonly #meta: Database<string, Key>;
  readonly #positions: Database<number, Key>;
  readonly #tables = new Map<string, LmdbViewTable<unknown>>();

  constructor(root: RootDatabase<unknown, string>, subject: LmdbSubject) {
    this.#root = root;
    this.#subject = subject;
    this.#meta = this.#root.openDB<string, Key>({ name: META });
    this.#positions = this.#root.openDB<number, Key>({ name: 'positions' });
  }

  identity(): string | undefined {
    return this.#meta.get('identity');
  }

  async identify(identity: string): Promise<void> {
    await this.commit(() => void this.#meta.putSync('identity', identity));
  }

  table<Value>(name: string): ViewTable<Value> {
    let table = this.#tables.get(name) as LmdbViewTable<Value> | undefined;
    if (table === undefined) {
      table = new LmdbViewTable(this.#root.openDB<Value, Key>({ name: `table:${name}`, encoding: 'msgpack' }));
      this.#tables.set(name, table);
    }
    return table;
  }

  position(source: string): number | undefined {
    return this.#positions.get(source);
  }

  advance(source: string, position: number): void {
    this.#positions.putSync(source, position);
  }

  async commit(write: () => void): Promise<void> {
    await inLmdbTransaction(this.#root, this.#subject, write);
  }

  async wipe(): Promise<void> {
    for (const name of this.#root.getKeys()) if (name !== META) await this.#root.openDB({ name }).clearAsync();
    await this.#root.flushed;
  }

  async close(): Promise<void> {
    await this.#root.close();
  }
}

class LmdbViewTable<Value> implements ViewTable<Value> {
  readonly #db: Database<Value, Key>;

  constructor(db: Database<Value, Key>) {
    this.#db = db;
  }

  get(key: ViewKey): Value | undefined {
    return this.#db.get(key as Key);
  }

  *entries(range: ViewRange = {}): Iterable<ViewEntry<Value>> {
    for (const { key, value } of this.#db.getRange(bounds(range))) yield { key: tuple(key), value };
  }

  put(key: ViewKey, value: Value): void {
    this.#db.putSync(key as Key, value);
  }

  remove(key: ViewKey): void {
    this.#db.removeSync(key as Key);
  }
}

/** LMDB gives a tuple of one back as what it held. */
const tuple = (key: Key): ViewKey => (Array.isArray(key) ? key : [key]) as ViewKey;

function bounds({ from, to, reverse = false, limit }: ViewRange): RangeOptions {
  const [start, end] = reverse ? [to, from] : [from, to];
  return {
    reverse,
    ...(reverse && { exclusiveStart: true, inclusiveEnd: true }),
    ...(start && { start: start as Key }),
    ...(end && { end: end as Key }),
    ...(limit !== undefined && { limit }),
  };
}
