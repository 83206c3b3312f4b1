import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { namespaceName } from '../../config/namespace-name.ts';
import type { Log } from '../../streams/log/log.ts';
import { topics } from '../../streams/topics.ts';
import type { Context } from '../context.ts';
import { isOnKafka, mayHaveLog, openToRead } from '../namespace-log.ts';
import { inOtherNamespace } from './replay-contexts.ts';

const POSITIONS = topics.positions.name;

/** The namespaces that there are, in the data folder or on the cluster; the default one is the empty name. `log` may be of any. */
export async function namespacesThere(context: Context, log?: Log): Promise<readonly string[]> {
  if (!isOnKafka(context))
    return foldersIn(context.config.settings.data_dir).filter((name) => mayHaveLog(inOtherNamespace(context, name)));
  if (log !== undefined) return namespacesOf(log);
  const opened = await openToRead(context);
  try {
    return await namespacesOf(opened);
  } finally {
    await opened.close();
  }
}

async function namespacesOf(log: Log): Promise<readonly string[]> {
  const names = (await log.topics.list()).map(({ name }) => name);
  return names.flatMap((name) => {
    if (name === POSITIONS) return [''];
    return name.endsWith(`.${POSITIONS}`) ? [name.slice(0, -POSITIONS.length - 1)] : [];
  });
}

function foldersIn(dataDir: string): readonly string[] {
  try {
    return [
      '',
      ...readdirSync(join(resolve(dataDir), 'namespaces')).filter((name) => namespaceName.pattern.test(name)),
    ];
  } catch {
    return [''];
  }
}
