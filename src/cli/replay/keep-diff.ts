import { join } from 'node:path';
import { namespaceFolder } from '../../config.ts';
import type { DiffState } from '../../web/replay-contract.ts';
import { diffFileOf } from '../../web/server/replay/diff-folder.ts';
import type { Context } from '../context.ts';
import { writeWhole } from '../write-whole.ts';

/** Where comparisons lie: they are of two namespaces, and belong to neither. */
export const diffFolder = ({ config }: Context): string => join(namespaceFolder(config.settings.data_dir, ''), 'diffs');

/** Keeps the newest comparison of the two, for the page. That it can't be kept is said, and changes nothing of what it found. */
export async function keepDiff(context: Context, diff: DiffState): Promise<void> {
  const path = join(diffFolder(context), diffFileOf(diff.a, diff.b));
  try {
    await writeWhole(path, JSON.stringify(diff));
  } catch (error) {
    context.out.say(`the page will not show it, as ${path} can't be written: ${(error as Error).message}`);
  }
}
