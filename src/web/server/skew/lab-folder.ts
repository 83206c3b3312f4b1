import { constants } from 'node:fs';
import { type FileHandle, lstat, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ZodError } from 'zod';
import { type LabReport, type LabRunEntry, MAX_RUNS } from '../../skew-contract.ts';
import { labReportSchema } from './lab-report-schema.ts';

/** A run of 256 tasks and 1,000 waves by three strategies takes less. */
const MAX_BYTES = 24 * 1024 * 1024;
/** What a file may be called; a name of another kind is nobody's report. */
const NAME = /^[\w][\w.-]{0,99}\.json$/;

interface Found {
  readonly id: string;
  readonly at: number;
  readonly bytes: number;
}

interface Known extends Found {
  readonly entry: LabRunEntry;
}

/** The reports that `pulse skew-lab` has left in a folder, which need not be there. Files may come, change and go at any time. */
export class LabFolder {
  readonly #path: string;
  /** What was found in the files, by their names, as long as they stay as they are. */
  #known = new Map<string, Known>();

  constructor(path: string) {
    this.#path = path;
  }

  /** The newest first. */
  async runs(): Promise<readonly LabRunEntry[]> {
    const found = (await this.#files()).slice(0, MAX_RUNS);
    const known = new Map<string, Known>();
    for (const file of found) {
      const before = this.#known.get(file.id);
      const isSame = before?.at === file.at && before.bytes === file.bytes;
      known.set(file.id, isSame ? before : { ...file, entry: await this.#look(file) });
    }
    this.#known = known;
    return [...known.values()].map(({ entry }) => entry);
  }

  /** The report; undefined where there is none of that name, and a sentence where the file holds none. */
  async report(id: string): Promise<LabReport | string | undefined> {
    const file = (await this.#files()).find((each) => each.id === id);
    return file && this.#read(file);
  }

  async #look(file: Found): Promise<LabRunEntry> {
    const read = (await this.#read(file)) ?? 'it is gone';
    const { id, at } = file;
    return typeof read === 'string'
      ? { id, at, spec: null, problem: read }
      : { id, at, spec: read.spec, problem: null };
  }

  /** Regular files alone: a link may lead anywhere. */
  async #files(): Promise<readonly Found[]> {
    const names = await readdir(this.#path).catch(() => []);
    const found = await Promise.all(names.filter((name) => NAME.test(name)).map((id) => this.#find(id)));
    return found.flatMap((file) => file ?? []).sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1));
  }

  async #find(id: string): Promise<Found | undefined> {
    const found = await lstat(join(this.#path, id)).catch(() => undefined);
    return found?.isFile() === true ? { id, at: Math.floor(found.mtimeMs), bytes: found.size } : undefined;
  }

  async #read({ id, bytes }: Found): Promise<LabReport | string | undefined> {
    if (bytes > MAX_BYTES) return `it is larger than ${MAX_BYTES / 1024 / 1024} MiB`;
    const file = await open(join(this.#path, id), constants.O_RDONLY | constants.O_NOFOLLOW).catch(() => undefined);
    if (file === undefined) return undefined;
    try {
      return labReportSchema.parse(JSON.parse(await textOf(file)));
    } catch (error) {
      return problemOf(error);
    } finally {
      await file.close();
    }
  }
}

/** No more than a report may have, however the file has grown since it was looked at. */
async function textOf(file: FileHandle): Promise<string> {
  const { size } = await file.stat();
  const bytes = Buffer.alloc(Math.min(size, MAX_BYTES));
  const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
  return bytes.toString('utf8', 0, bytesRead);
}

function problemOf(error: unknown): string {
  if (!(error instanceof ZodError)) return 'it is not JSON';
  const [first] = error.issues;
  return `it is no report of the lab: ${first?.path.join('.').slice(0, 80) || 'the whole'} is not as it should be`;
}
