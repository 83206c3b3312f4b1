import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoreSize } from '../web/pipeline-contract.ts';
import type { LakeReader } from '../web/server/lake/lake-reader.ts';
import type { DiskFigures, SinkPositions } from '../web/server/pipeline/disk-figures.ts';
import type { Context } from './context.ts';
import { logFolder, stateFolder, viewFolder } from './namespace-log.ts';

/** A block of `stat`, whatever the file system's are. */
const BLOCK_BYTES = 512;

/** Looks at the namespace's folders, and at how far the lake's tables have come. What is not there is not told. */
export async function diskFigures(context: Context, lake: LakeReader): Promise<DiskFigures> {
  const folders = [
    ['log', logFolder(context)],
    ['state', stateFolder(context)],
    ['view', viewFolder(context)],
  ] as const;
  const stores: StoreSize[] = [];
  for (const [name, folder] of folders) {
    const bytes = await bytesOf(folder);
    if (bytes > 0) stores.push({ name, bytes });
  }
  const { tables } = await lake.read();
  return { stores, sinks: tables.flatMap(({ version, positions }) => (version < 0 ? [] : byTopic(positions))) };
}

function byTopic(
  positions: readonly { readonly topic: string; readonly partition: number; readonly offset: number }[],
): readonly SinkPositions[] {
  const sinks = new Map<string, Map<number, number>>();
  for (const { topic, partition, offset } of positions) {
    const sink = sinks.get(topic) ?? new Map<number, number>();
    sinks.set(topic, sink.set(partition, offset));
  }
  return [...sinks].map(([topic, found]) => ({ topic, positions: found }));
}

/** What the folder's files take of the disk, however long they say they are; 0 where there is none. */
async function bytesOf(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const sizes = await Promise.all(
    names
      .filter((entry) => entry.isFile())
      // A file may go while one looks.
      .map((entry) =>
        stat(join(entry.parentPath, entry.name)).then(
          ({ blocks }) => blocks * BLOCK_BYTES,
          () => 0,
        ),
      ),
  );
  return sizes.reduce((sum, bytes) => sum + bytes, 0);
}
