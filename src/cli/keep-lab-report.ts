import { mkdirSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { type Config, namespaceFolder } from '../config.ts';
import type { LabReport } from '../streams/skew-lab/lab-report.ts';

/** Where the lab's reports lie: whatever the namespace, as they have to do with none. */
export const labFolder = ({ settings }: Pick<Config, 'settings'>): string =>
  join(namespaceFolder(settings.data_dir, ''), 'skew-lab');

/**
 * Writes the report into the folder, for the page, and resolves with its path. It is written aside and then renamed: nobody
 * ever sees half of it.
 */
export async function keepLabReport(folder: string, report: LabReport, at: Date): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${at.toISOString().replaceAll(':', '-')}.json`);
  const aside = `${path}.${process.pid}.tmp`;
  try {
    const file = await open(aside, 'wx');
    try {
      await file.writeFile(JSON.stringify(report));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(aside, path);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
  return path;
}
