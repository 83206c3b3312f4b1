import { PulseError } from '../../../errors.ts';
import type { Action, AddFile, MetaData, Protocol, RemoveFile } from './actions.ts';

/** The versions of the protocol that this program writes and reads: what it needs, and no features beyond. */
export const OUR_PROTOCOL: Protocol = { minReaderVersion: 1, minWriterVersion: 2 };

/** A table at one version, as readers see it. */
export interface Snapshot {
  /** -1 before the first. */
  readonly version: number;
  readonly metaData: MetaData | undefined;
  /** The live files, by their paths as the log writes them. */
  readonly files: ReadonlyMap<string, AddFile>;
  /** Files of earlier versions, by their paths, as long as the log remembers them. */
  readonly tombstones: ReadonlyMap<string, RemoveFile>;
  /** How far each application has come ("Transaction Identifiers"): its id and its version. */
  readonly txns: ReadonlyMap<string, number>;
}

/** Replays a log (protocol, "Action Reconciliation"): later actions win over earlier ones. */
export class Replay implements Snapshot {
  readonly files = new Map<string, AddFile>();
  readonly tombstones = new Map<string, RemoveFile>();
  readonly txns = new Map<string, number>();
  metaData: MetaData | undefined;
  version = -1;

  /** The next version's actions, or a checkpoint's. Throws `table-mismatch` where another program's features are needed. */
  apply(version: number, actions: readonly Action[]): void {
    for (const action of actions) this.#apply(action);
    this.version = version;
  }

  /** Drops the tombstones of that time and before: those files may be gone, and a table that is written for long has many. */
  forgetRemoved(until: number): void {
    for (const [path, { deletionTimestamp }] of this.tombstones)
      if ((deletionTimestamp ?? 0) <= until) this.tombstones.delete(path);
  }

  #apply({ add, remove, metaData, protocol, txn }: Action): void {
    if (add != null) {
      if (add.deletionVector != null) throw mismatch('deletion vectors');
      this.tombstones.delete(add.path);
      this.files.set(add.path, add);
    }
    if (remove != null) {
      this.files.delete(remove.path);
      this.tombstones.set(remove.path, remove);
    }
    if (metaData != null) this.metaData = metaData;
    if (txn != null) this.txns.set(txn.appId, txn.version);
    if (protocol != null) refuseNewer(protocol);
  }
}

function refuseNewer({ minReaderVersion, minWriterVersion }: Protocol): void {
  if (minReaderVersion > OUR_PROTOCOL.minReaderVersion || minWriterVersion > OUR_PROTOCOL.minWriterVersion)
    throw mismatch(`protocol ${minReaderVersion}/${minWriterVersion}`);
}

const mismatch = (what: string): PulseError =>
  new PulseError('table-mismatch', `another program has changed the table: it needs ${what}, which this one has not`);
