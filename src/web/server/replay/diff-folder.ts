import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { DiffState } from '../../replay-contract.ts';
import { diffStateSchema } from './diff-state-schema.ts';

/** A comparison shows few rows. */
const MAX_BYTES = 1024 * 1024;

/** The file of the newest comparison of two namespaces, whose names have no point in them. */
export const diffFileOf = (a: string, b: string): string => `${sideText(a)}.${sideText(b)}.json`;

/** Whether it is the file of a comparison of the namespace with another one, or was to become one. */
export function isDiffOf(file: string, namespace: string): boolean {
  const [a, b, json] = file.split('.');
  return json === 'json' && [a, b].includes(sideText(namespace));
}

const sideText = (namespace: string): string => namespace || '_default';

/** The newest comparison of two namespaces, whichever came first; null where the folder has none that can be read. */
export async function readDiff(folder: string, a: string, b: string): Promise<DiffState | null> {
  const found = await Promise.all([read(join(folder, diffFileOf(a, b))), read(join(folder, diffFileOf(b, a)))]);
  return found.reduce(
    (newest, each) => (newest === null || (each !== null && each.at > newest.at) ? each : newest),
    null,
  );
}

/** A regular file alone: a link may lead anywhere. */
async function read(path: string): Promise<DiffState | null> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    () => undefined,
  );
  if (file === undefined) return null;
  try {
    const found = await file.stat();
    if (!found.isFile() || found.size > MAX_BYTES) return null;
    const bytes = Buffer.alloc(found.size);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
    return diffStateSchema.parse(JSON.parse(bytes.toString('utf8', 0, bytesRead)));
  } catch {
    // What is no comparison shows nothing; the next one replaces it.
    return null;
  } finally {
    await file.close();
  }
}
