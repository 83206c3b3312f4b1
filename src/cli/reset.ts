import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { PulseError } from '../errors.ts';
import { openEmbeddedLog } from '../streams/log/embedded/embedded-log.ts';
import type { Log } from '../streams/log/log.ts';
import type { Context } from './context.ts';
import { isOnKafka, logFolder, openToRead, ownTopics } from './namespace-log.ts';
import { refuseWhileShared } from './refuse-while-shared.ts';
import { diffsOf } from './replay/diffs-of.ts';

/** What a namespace keeps in its own data folder; the rest of the folder (data/sample, other namespaces) is not its own. */
const OWN_FOLDERS = ['log', 'state', 'view', 'bronze', 'silver', 'gold', 'gold_parquet'] as const;

/** `pulse reset`: removes the namespace's topics, state and lake, after saying what will go. */
export async function resetCommand(context: Context, options: { readonly yes: boolean }): Promise<void> {
  const { config, out } = context;
  const name =
    config.settings.namespace === '' ? 'the default namespace' : `the namespace ${config.settings.namespace}`;
  const folders = OWN_FOLDERS.map((folder) => join(config.dataDir, folder)).filter((folder) => existsSync(folder));
  const diffs = diffsOf(context);
  const names = await topicsToRemove(context);
  if (folders.length + diffs.length + names.length === 0)
    return void out.say(`${name} holds nothing in ${config.dataDir}`);
  await refuseWhileWritten(context);
  out.say(`this removes ${name}:`);
  for (const topic of names) out.say(`  the topic ${topic} of the cluster, whoever else uses it`);
  for (const folder of folders) out.say(`  ${folder}  (${megabytes(folder)} MB)`);
  for (const diff of diffs) out.say(`  ${diff}, a comparison with another namespace`);
  if (!options.yes && !(await confirmed(context)))
    throw new PulseError('usage', `nothing was removed: say --yes${process.stdin.isTTY ? ', or answer y' : ''}`);
  await resetNamespace(context);
  out.say('removed');
}

/** Removes everything of the namespace, and what was found of it beside others; rejects with `log-locked` while other processes work on it. */
export async function resetNamespace(context: Context): Promise<void> {
  await refuseWhileWritten(context);
  await removeTopics(context);
  const folders = OWN_FOLDERS.map((folder) => join(context.config.dataDir, folder));
  for (const path of [...folders, ...diffsOf(context)])
    try {
      rmSync(path, { recursive: true, force: true });
    } catch (cause) {
      throw new PulseError('disk-unwritable', `${path} can't be removed: check the disk and its permissions`, {
        cause,
      });
    }
}

/** On a cluster, topics go one by one; the embedded log goes with its folder. */
async function topicsToRemove(context: Context): Promise<readonly string[]> {
  return isOnKafka(context) ? withTopics(context, async (_, names) => names) : [];
}

async function removeTopics(context: Context): Promise<void> {
  if (isOnKafka(context)) await withTopics(context, (log, names) => log.topics.remove(names));
}

async function withTopics<Result>(
  context: Context,
  use: (log: Log, names: readonly string[]) => Promise<Result>,
): Promise<Result> {
  const log = await openToRead(context);
  try {
    return await use(
      log,
      (await ownTopics(context, log)).map(({ name }) => name),
    );
  } finally {
    await log.close();
  }
}

/** Taking the writer's lock proves that nobody is at work in there; on a cluster, the stages' groups must be empty. */
async function refuseWhileWritten(context: Context): Promise<void> {
  await refuseWhileShared(context);
  const path = logFolder(context);
  if (!existsSync(path)) return;
  const log = await openEmbeddedLog({ path, mode: 'write', time: context.clock }).catch(unlessLocked);
  await log?.close();
}

/** A log that can't be opened may be removed; one that somebody else writes to may not. */
function unlessLocked(error: unknown): undefined {
  if (error instanceof PulseError && error.code === 'log-locked') throw error;
  return undefined;
}

async function confirmed({ signal }: Context): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const asker = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await asker.question('go on? [y/N] ', { signal })).trim());
  } catch {
    return false;
  } finally {
    asker.close();
  }
}

function megabytes(folder: string): string {
  const sizes = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => statSync(join(entry.parentPath, entry.name)).size);
  return (sizes.reduce((sum, size) => sum + size, 0) / 1e6).toFixed(1);
}
