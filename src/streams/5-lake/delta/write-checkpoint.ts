import { join } from 'node:path';
import type { LakeDisk } from '../disk/lake-disk.ts';
import type { Action } from './actions.ts';
import { encodeCheckpoint } from './checkpoint-file.ts';
import { encodeLastCheckpoint } from './last-checkpoint.ts';
import { checkpointName, LAST_CHECKPOINT, LOG_FOLDER } from './log-names.ts';
import { OUR_PROTOCOL, type Snapshot } from './snapshot.ts';

/** So often that a reader has few versions to replay (`delta.checkpointInterval`'s own default). */
export const CHECKPOINT_INTERVAL = 10;

/** Writes the table's state at its version, and then `_last_checkpoint` (protocol, "Checkpoints"). */
export async function writeCheckpoint(disk: LakeDisk, folder: string, snapshot: Snapshot): Promise<void> {
  const actions = checkpointActions(snapshot);
  const log = join(folder, LOG_FOLDER);
  await disk.replace(join(log, checkpointName(snapshot.version)), encodeCheckpoint(actions));
  await disk.replace(join(log, LAST_CHECKPOINT), encodeLastCheckpoint(snapshot.version, actions.length));
}

const checkpointActions = ({ metaData, txns, files, tombstones }: Snapshot): readonly Action[] => [
  { protocol: OUR_PROTOCOL },
  { metaData },
  ...[...txns].map(([appId, version]) => ({ txn: { appId, version } })),
  ...[...files.values()].map((add) => ({ add: { ...add, dataChange: false } })),
  ...[...tombstones.values()].map((remove) => ({ remove: { ...remove, dataChange: false } })),
];
