import { join } from 'node:path';
import { type Config, namespaceFolder } from '../config.ts';
import type { LabReport } from '../streams/skew-lab/lab-report.ts';
import { writeWhole } from './write-whole.ts';

/** Where the lab's reports lie: whatever the namespace, as they have to do with none. */
export const labFolder = ({ settings }: Pick<Config, 'settings'>): string =>
  join(namespaceFolder(settings.data_dir, ''), 'skew-lab');

/** Writes the report into the folder, for the page, and resolves with its path. */
export async function keepLabReport(folder: string, report: LabReport, at: Date): Promise<string> {
  const path = join(folder, `${at.toISOString().replaceAll(':', '-')}.json`);
  await writeWhole(path, JSON.stringify(report));
  return path;
}
