import type { Database, RootDatabase } from 'lmdb';
import type { Codec } from '../codec.ts';
import type { PartitionMeta, StateEnvironment, StateIdentity } from '../environment.ts';
import { partitionRange } from '../key-layout.ts';
import type { Table } from '../table.ts';
import { PulseError } from '../../errors.ts';
import { withChecksum, withoutChecksum } from './checked-value.ts';
import type { LmdbSubject } from './lmdb-errors.ts';
import { LmdbTable } from './lmdb-table.ts';
import { inLmdbTransaction } from './lmdb-transaction.ts';
import { openOrDiscard } from './open-or-discard.ts';
import { otherIdentity } from './other-identity.ts';

const IDENTITY = Buffer.from('identity');
const ROWS_A_STEP = 20_000;
const TABLE = 'table:';
const binary = { encoding: 'binary', keyEncoding: 'binary' } as const;

export interface LmdbStateOptions {
  /** The folder of the LMDB environment, made when absent; nothing else may be in it. */
  readonly path: string;
  readonly identity: StateIdentity;
  /** Told in a sentence why state that was there is rebuilt. */
  readonly onDiscard: (why: string) => void;
}

/**
 * State in LMDB. State that LMDB can't read is thrown away, that of another log, namespace or version is emptied, and
 * `onDiscard` told: the tasks rebuild it. Rejects with `disk-full` or `disk-unwritable`.
 *
 * The meta page isn't synced at a commit (`noMetaSync`): a power failure may undo the last transactions, never tear one,
 * and what is undone is read again from the changelog.
 */
export async function openLmdbState(options: LmdbStateOptions): Promise<StateEnvironment> {
  const { path, identity, onDiscard } = options;
  const subject: LmdbSubject = { what: 'the state', path };
  const settings = { ...binary, maxDbs: 16, overlappingSync: false, noMetaSync: true };
  const { log, namespace, changelog, version: format } = identity;
  const parts = { log, namespace, format, ...(changelog !== undefined && { changelog }) };
  const wanted = JSON.stringify(parts);
  const state = openOrDiscard(subject, settings, onDiscard, (root: RootDatabase<Buffer, Buffer>) => {
    const opened = new LmdbState(root, subject);
    opened.identity();
    return opened;
  });
  const found = await state.identify(wanted);
  if (found !== undefined && found !== wanted)
    onDiscard(`the state in ${path} is ${otherIdentity(found, parts)}: it is rebuilt from the log`);
  return state;
}

class LmdbState implements StateEnvironment {
  readonly #root: RootDatabase<Buffer, Buffer>;
  readonly #subject: LmdbSubject;
  readonly #meta: Database<Buffer, Buffer>;
  readonly #tables = new Map<string, LmdbTable<unknown>>();

  constructor(root: RootDatabase<Buffer, Buffer>, subject: LmdbSubject) {
    this.#root = root;
    this.#subject = subject;
    this.#meta = root.openDB({ name: 'meta', ...binary });
  }

  identity(): string | undefined {
    return this.#meta.get(IDENTITY)?.toString('utf8');
  }

  /** Makes it the state of `wanted`, emptied where it was of something else; what it was of. */
  async identify(wanted: string): Promise<string | undefined> {
    let found: string | undefined;
    await this.transaction(() => {
      found = this.identity();
      if (found === wanted) return;
      for (const name of this.#databases()) this.#root.openDB<Buffer, Buffer>({ name, ...binary }).clearSync();
      this.#meta.putSync(IDENTITY, Buffer.from(wanted));
    });
    return found;
  }

  table<Value>(name: string, codec: Codec<Value>): Table<Value> {
    let table = this.#tables.get(name) as LmdbTable<Value> | undefined;
    if (table === undefined) {
      const db = this.#root.openDB<Buffer, Buffer>({ name: `${TABLE}${name}`, ...binary });
      table = new LmdbTable(db, codec, (row) => this.#damaged(`the row ${row} in ${JSON.stringify(name)}`));
      this.#tables.set(name, table);
    }
    return table;
  }

  meta(partition: number): PartitionMeta | undefined {
    const key = partitionKey(partition);
    const bytes = this.#meta.get(key);
    if (bytes === undefined) return undefined;
    const json = withoutChecksum(key, bytes);
    if (json === undefined) throw this.#damaged(`what partition ${partition} has applied`);
    return JSON.parse(json.toString('utf8')) as PartitionMeta;
  }

  putMeta(partition: number, meta: PartitionMeta): void {
    const key = partitionKey(partition);
    this.#meta.putSync(key, withChecksum(key, Buffer.from(JSON.stringify(meta))));
  }

  async transaction(write: () => void): Promise<void> {
    await inLmdbTransaction(this.#root, this.#subject, write);
  }

  async drop(partition: number): Promise<void> {
    // The meta goes first: a partition without one is dropped again, should this end halfway.
    await this.transaction(() => void this.#meta.removeSync(partitionKey(partition)));
    for (const name of this.#databases().filter((each) => each.startsWith(TABLE))) {
      const db = this.#root.openDB<Buffer, Buffer>({ name, ...binary });
      for (let removed = 1; removed > 0;)
        await this.transaction(() => void (removed = removeSome(db, partition, ROWS_A_STEP)));
    }
  }

  async close(): Promise<void> {
    await this.#root.close();
  }

  #damaged(what: string): PulseError {
    const { what: subject, path } = this.#subject;
    return new PulseError('state-corrupt', `${subject} in ${path} is damaged: ${what} fails its checksum`);
  }

  /** Their names are stored with the NUL that C ends its strings with. */
  #databases(): readonly string[] {
    return [...this.#root.getKeys()].map((name) => name.toString('utf8').replace(/\0$/, ''));
  }
}

/** Removes up to `limit` rows of the partition; how many. */
function removeSome(db: Database<Buffer, Buffer>, partition: number, limit: number): number {
  const keys = [...db.getKeys({ ...partitionRange(partition), limit })];
  for (const key of keys) db.removeSync(key);
  return keys.length;
}

function partitionKey(partition: number): Buffer {
  const key = Buffer.alloc(3);
  key.write('p');
  key.writeUInt16BE(partition, 1);
  return key;
}
