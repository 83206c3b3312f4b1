import { join } from 'node:path';
import { z } from 'zod';
import type { Disk } from '../disk/disk.ts';
import { LAST_CHECKPOINT, LOG_FOLDER } from './log-names.ts';

const hint = z.object({ version: z.number() });

/** `_last_checkpoint` (protocol, "Last Checkpoint File"): which one, and how many actions it holds. */
export const encodeLastCheckpoint = (version: number, size: number): Uint8Array =>
  Buffer.from(JSON.stringify({ version, size }), 'utf8');

/** The version that `_last_checkpoint` names; -1 where there is none, or none that makes sense: it is a hint. */
export async function lastCheckpoint(disk: Disk, folder: string): Promise<number> {
  const bytes = await disk.read(join(folder, LOG_FOLDER, LAST_CHECKPOINT));
  if (bytes === undefined) return -1;
  try {
    return hint.parse(JSON.parse(Buffer.from(bytes).toString('utf8'))).version;
  } catch {
    return -1;
  }
}
