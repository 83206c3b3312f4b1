import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isDiffOf } from '../../web/server/replay/diff-folder.ts';
import type { Context } from '../context.ts';
import { diffFolder } from './keep-diff.ts';

/** The files of the comparisons that the namespace is one side of. */
export function diffsOf(context: Context): readonly string[] {
  const folder = diffFolder(context);
  if (!existsSync(folder)) return [];
  const { namespace } = context.config.settings;
  return readdirSync(folder)
    .filter((name) => isDiffOf(name, namespace))
    .map((name) => join(folder, name));
}
