import type { Config } from '../config.ts';
import { PulseError } from '../errors.ts';
import { features, moverFeatures } from '../streams/4-gold/features.ts';
import type { RowFormat } from '../streams/rows/row-format.ts';
import type { SchemaRegistry } from '../streams/rows/schema-registry.ts';
import { createRowFormat } from '../streams/rows/create-row-format.ts';
import { topicNames } from '../streams/topics.ts';
import type { Context } from './context.ts';

/** How the namespace's rows are written and read. Asks nothing of the registry yet. */
export const openRows = async ({ config, clock }: Context): Promise<RowFormat> =>
  createRowFormat({
    names: topicNames(config.settings.namespace),
    gold: { features, movers: moverFeatures },
    registry: await openRegistry(config),
    now: () => clock.now(),
  });

/** The registry of the settings; undefined where none is set. Asks nothing of it yet. */
export async function openRegistry({ settings, secrets }: Config): Promise<SchemaRegistry | undefined> {
  const { url } = settings.schema_registry;
  const { schemaRegistryUsername: username, schemaRegistryPassword: password } = secrets;
  if ((username === undefined) !== (password === undefined))
    throw new PulseError('settings', 'SCHEMA_REGISTRY_USERNAME and SCHEMA_REGISTRY_PASSWORD go together: set both');
  if (url === null) return undefined;
  // Loaded when it is needed, as Kafka's client is.
  const { ConfluentRegistry } = await import('../streams/rows/confluent/confluent-registry.ts');
  return new ConfluentRegistry({
    url,
    ...(username !== undefined && password !== undefined && { auth: { username, password } }),
  });
}
