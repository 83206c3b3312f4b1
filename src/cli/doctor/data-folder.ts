import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Context } from '../context.ts';
import { fault, type Finding, note, ok } from './finding.ts';

const LITTLE_SPACE_BYTES = 500e6;

/** Whether the data folder can be written, or made, and how much room there is. */
export function checkDataFolder({ config }: Context): readonly Finding[] {
  const { dataDir } = config;
  const there = nearestThere(dataDir);
  if (!statSync(there).isDirectory())
    return [fault(`${there} is a file: set PULSE_DATA_DIR to a folder that can be written`)];
  try {
    accessSync(there, constants.W_OK | constants.X_OK);
  } catch {
    return [fault(`${there} can't be written: change its permissions, or set PULSE_DATA_DIR to another folder`)];
  }
  const { bavail, bsize } = statfsSync(there);
  const free = bavail * bsize;
  const text = `${dataDir} can be ${there === dataDir ? 'written' : 'made'}; ${(free / 1e9).toFixed(1)} GB free`;
  return [free < LITTLE_SPACE_BYTES ? note(`${text}: that is little; free some`) : ok(text)];
}

/** The folder itself, or the one that the missing ones would be made in. */
function nearestThere(folder: string): string {
  let at = folder;
  while (!existsSync(at) && dirname(at) !== at) at = dirname(at);
  return at;
}
