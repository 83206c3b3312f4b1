import { namespaceFolder } from '../../config.ts';
import { namespaceName } from '../../config/namespace-name.ts';
import { PulseError } from '../../errors.ts';
import type { Context } from '../context.ts';
import { refuseDemo } from '../refuse-demo.ts';

/** The same program in another namespace. */
export function inOtherNamespace(context: Context, namespace: string): Context {
  const { config } = context;
  const settings = { ...config.settings, namespace };
  return { ...context, config: { ...config, settings, dataDir: namespaceFolder(settings.data_dir, namespace) } };
}

/** The same program in a namespace that the command line names. Throws `usage` where none can have that name. */
export function inNamedNamespace(context: Context, name: string): Context {
  if (!namespaceName.pattern.test(name))
    throw new PulseError('usage', `${JSON.stringify(name)} can't be a namespace: ${namespaceName.wanted}`);
  return inOtherNamespace(context, name);
}

/** Where the replays of a namespace go unless another one is named. */
export const replayNamespace = (live: string): string => (live === '' ? 'replay' : `${live}-replay`);

/** Where the tables of a namespace are computed anew that take the place of its own at once. */
export const rebuildNamespace = (live: string): string => (live === '' ? 'rebuild' : `${live}-rebuild`);

/** The namespace as a sentence has it. */
export const namespaceText = (namespace: string): string =>
  namespace === '' ? 'the default namespace' : `the namespace ${namespace}`;

/** Where a replay writes; refuses to write outside any namespace, where it reads, and where the demonstration would remove it. */
export function targetContext(live: Context, namespace: string): Context {
  const target = inNamedNamespace(live, namespace);
  refuseDemo(target);
  if (namespace === live.config.settings.namespace)
    throw new PulseError(
      'usage',
      `${namespaceText(namespace)} can't be replayed into itself: name another one with --namespace`,
    );
  return target;
}

/** Refuses to replay where the tables lie for a while that are computed anew in place, and are removed then. */
export function refuseRebuildNamespace({ config: live }: Context, { config: target }: Context): void {
  const { namespace } = target.settings;
  if (namespace === rebuildNamespace(live.settings.namespace))
    throw new PulseError(
      'usage',
      `${namespaceText(namespace)} is where pulse process --rebuild works: name another one with --namespace`,
    );
}
