import { join } from 'node:path';
import { PulseError } from '../../../errors.ts';
import type { Disk } from '../disk/disk.ts';
import { decodeCheckpoint } from './checkpoint-file.ts';
import { decodeCommit } from './commit-file.ts';
import { checkpointName, checkpointVersion, commitName, commitVersion, LOG_FOLDER } from './log-names.ts';
import { Replay } from './snapshot.ts';

/**
 * The table in the folder at its newest version, or at the one asked for; undefined where there is no table. Throws
 * `version-vacuumed` where the log does not go back that far any more.
 */
export async function readLog(disk: Disk, folder: string, upTo = Infinity): Promise<Replay | undefined> {
  const log = join(folder, LOG_FOLDER);
  const names = (await disk.list(log)).map(({ name }) => name);
  const newest = (versions: readonly (number | undefined)[]): number =>
    Math.max(-1, ...versions.filter((version) => version !== undefined && version <= upTo).map(Number));
  const replay = new Replay();
  const checkpoint = newest(names.map(checkpointVersion));
  if (checkpoint >= 0) {
    const path = join(log, checkpointName(checkpoint));
    replay.apply(checkpoint, await decodeCheckpoint((await disk.read(path)) ?? new Uint8Array(), path));
  }
  await readOn(disk, folder, replay, upTo);
  if (replay.version < newest(names.map(commitVersion)) || (replay.version < upTo && isCleaned(names, upTo)))
    throw lacking(log, replay.version + 1, upTo, names);
  return replay.version < 0 ? undefined : replay;
}

/** Whether a checkpoint stands for that version and those before it. */
const isCleaned = (names: readonly string[], version: number): boolean =>
  names.some((name) => (checkpointVersion(name) ?? -1) > version);

function lacking(log: string, version: number, upTo: number, names: readonly string[]): PulseError {
  if (isCleaned(names, upTo))
    return new PulseError('version-vacuumed', `${log} does not go back to version ${upTo} any more: it was cleaned up`);
  return new PulseError('table-corrupt', `${log} lacks the version ${version}, and has later ones`);
}

/** Applies the versions after the replayed one, as far as they are there. */
export async function readOn(disk: Disk, folder: string, replay: Replay, upTo = Infinity): Promise<void> {
  while (replay.version < upTo) {
    const path = join(folder, LOG_FOLDER, commitName(replay.version + 1));
    const bytes = await disk.read(path);
    if (bytes === undefined) return;
    replay.apply(replay.version + 1, decodeCommit(bytes, path));
  }
}
