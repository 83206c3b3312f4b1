import { mkdirSync } from 'node:fs';
import { type Database, open, type RootDatabase } from 'lmdb';
import type { Codec } from '../codec.ts';
import type { PartitionMeta, StateEnvironment, StateIdentity } from '../environment.ts';
import type { Table } from '../table.ts';
import { explainLmdbError } from './lmdb-errors.ts';
import { LmdbTable } from './lmdb-table.ts';

const IDENTITY = Buffer.from('identity');
const ROWS_A_STEP = 20_000;

export interface LmdbStateOptions {
  /** The folder of the LMDB environment, made when absent. */
  readonly path: string;
  readonly identity: StateIdentity;
  /** Told in a sentence why state that was there is rebuilt. */
  readonly onDiscard: (why: string) => void;
}

/**
 * State in LMDB. State of another log, namespace or version is emptied, and `onDiscard` told: the tasks rebuild it.
 *
 * The meta page isn't synced at a commit (`noMetaSync`): a power failure may undo the last transactions, never tear one,
 * and what is undone is read again from the changelog.
 */
export async function openLmdbState(options: LmdbStateOptions): Promise<StateEnvironment> {
  const root = openRoot(options.path);
  const meta = root.openDB<Buffer, Buffer>({ name: 'meta', encoding: 'binary', keyEncoding: 'binary' });
  const state = new LmdbState(root, meta);
  const found = meta.get(IDENTITY)?.toString('utf8');
  const wanted = JSON.stringify(options.identity, ['log', 'namespace', 'version']);
  if (found !== undefined && found !== wanted) {
    options.onDiscard(`the state in ${options.path} is of ${found}, not of ${wanted}: it is rebuilt from the log`);
    await state.clear();
  }
  if (found !== wanted) await state.transaction(() => void meta.putSync(IDENTITY, Buffer.from(wanted)));
  return state;
}

function openRoot(path: string): RootDatabase<Buffer, Buffer> {
  try {
    mkdirSync(path, { recursive: true });
    return open<Buffer, Buffer>({
      path,
      noSubdir: false,
      encoding: 'binary',
      keyEncoding: 'binary',
      maxDbs: 16,
      overlappingSync: false,
      noMetaSync: true,
    });
  } catch (error) {
    throw explainLmdbError(error, `the state in ${path}`, 'state-corrupt');
  }
}

class LmdbState implements StateEnvironment {
  readonly #root: RootDatabase<Buffer, Buffer>;
  readonly #meta: Database<Buffer, Buffer>;
  readonly #tables = new Map<string, LmdbTable<unknown>>();

  constructor(root: RootDatabase<Buffer, Buffer>, meta: Database<Buffer, Buffer>) {
    this.#root = root;
    this.#meta = meta;
  }

  table<Value>(name: string, codec: Codec<Value>): Table<Value> {
    let table = this.#tables.get(name) as LmdbTable<Value> | undefined;
    if (table === undefined) {
      const db = this.#root.openDB<Buffer, Buffer>({
        name: `table:${name}`,
        encoding: 'binary',
        keyEncoding: 'binary',
      });
      this.#tables.set(name, (table = new LmdbTable(db, codec)));
    }
    return table;
  }

  meta(partition: number): PartitionMeta | undefined {
    const bytes = this.#meta.get(partitionKey(partition));
    return bytes && (JSON.parse(bytes.toString('utf8')) as PartitionMeta);
  }

  putMeta(partition: number, meta: PartitionMeta): void {
    this.#meta.putSync(partitionKey(partition), Buffer.from(JSON.stringify(meta)));
  }

  async transaction(write: () => void): Promise<void> {
    let failure: { readonly error: unknown } | undefined;
    try {
      await this.#root.transaction(() => {
        try {
          write();
        } catch (error) {
          failure = { error };
          throw error;
        }
      });
    } catch (error) {
      throw failure === undefined ? explainLmdbError(error, 'the state', 'state-corrupt') : failure.error;
    }
  }

  async drop(partition: number): Promise<void> {
    await this.transaction(() => void this.#meta.removeSync(partitionKey(partition)));
    for (const table of this.#tables.values())
      for (let removed = 1; removed > 0;)
        await this.transaction(() => void (removed = table.removeSome(partition, ROWS_A_STEP)));
  }

  /** Empties every database that there is. */
  async clear(): Promise<void> {
    for (const name of [...this.#root.getKeys()].map((key) => key.toString('utf8').replace(/\0+$/, '')))
      this.#root.openDB<Buffer, Buffer>({ name, encoding: 'binary', keyEncoding: 'binary' }).clearSync();
    await this.#root.flushed;
  }

  async close(): Promise<void> {
    await this.#root.close();
  }
}

function partitionKey(partition: number): Buffer {
  const key = Buffer.alloc(3);
  key.write('p');
  key.writeUInt16BE(partition, 1);
  return key;
}
