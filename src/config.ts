import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { isOurs, otherVariables, settingValue, settingVariables } from './config/environment.ts';
import { giverOf, type Givers, settingFaults } from './config/setting-faults.ts';
import { type Settings, settingsSchema } from './config/settings-schema.ts';
import { PulseError } from './errors.ts';

/** Everything the program is told from outside: settings, and the secrets that only the environment holds. */
export interface Config {
  readonly settings: Settings;
  /** The folder of this namespace's data, absolute. */
  readonly dataDir: string;
  /** Never logged, never in a record. */
  readonly secrets: {
    readonly coingeckoApiKey: string | undefined;
    readonly kafkaUsername: string | undefined;
    readonly kafkaPassword: string | undefined;
    readonly schemaRegistryUsername: string | undefined;
    readonly schemaRegistryPassword: string | undefined;
  };
  /** Where the settings came from, for `pulse doctor`. */
  readonly settingsFile: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

export interface LoadConfigOptions {
  readonly environment?: Environment;
  /** The settings file; the default is `PULSE_SETTINGS`, else `conf/settings.yaml` of the program itself. */
  readonly file?: string | undefined;
  /** Settings that win over the environment. */
  readonly overrides?: readonly SettingOverride[];
}

/** What an option of the command line says of a setting; undefined: nothing. */
export interface SettingOverride {
  readonly option: string;
  /** The setting's place in the settings file. */
  readonly path: string;
  readonly value: unknown;
}

const SHIPPED = resolve(import.meta.dirname, '..', 'conf', 'settings.yaml');

/**
 * Reads the settings file, the environment and the command line into one frozen object. Throws `settings`, naming every
 * variable or key at fault, or `usage` where it is an option.
 */
export function loadConfig({ environment = process.env, file, overrides = [] }: LoadConfigOptions = {}): Config {
  refuseUnknown(environment);
  const settingsFile = file ?? (environment.PULSE_SETTINGS || SHIPPED);
  const raw = readSettings(settingsFile);
  const givers = new Map<string, string>();
  for (const variable of settingVariables) {
    const text = environment[variable.name];
    if (text === undefined || text === '') continue;
    assign(raw, variable.path, settingValue(variable, text));
    givers.set(variable.path.join('.'), variable.name);
  }
  for (const { option, path, value } of overrides) {
    if (value === undefined) continue;
    assign(raw, path.split('.'), value);
    givers.set(path, option);
  }
  const settings = validated(raw, givers, settingsFile);
  return deepFreeze({
    settings,
    dataDir: namespaceFolder(settings.data_dir, settings.namespace),
    secrets: {
      coingeckoApiKey: environment.COINGECKO_API_KEY || undefined,
      kafkaUsername: environment.KAFKA_USERNAME || undefined,
      kafkaPassword: environment.KAFKA_PASSWORD || undefined,
      schemaRegistryUsername: environment.SCHEMA_REGISTRY_USERNAME || undefined,
      schemaRegistryPassword: environment.SCHEMA_REGISTRY_PASSWORD || undefined,
    },
    settingsFile,
  });
}

function validated(raw: Record<string, unknown>, givers: Givers, file: string): Settings {
  const parsed = settingsSchema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  const isUsage = issues.some(({ path }) => giverOf(path, givers)?.startsWith('--'));
  throw new PulseError(isUsage ? 'usage' : 'settings', settingFaults(issues, raw, givers, file));
}

/** Where a namespace's log, state and lake live: the default one in the data folder itself, others in folders of it. */
export const namespaceFolder = (dataDir: string, namespace: string): string =>
  namespace === '' ? resolve(dataDir) : join(resolve(dataDir), 'namespaces', namespace);

function refuseUnknown(environment: Environment): void {
  const known = new Set([...settingVariables.map(({ name }) => name), ...otherVariables]);
  const unknown = Object.keys(environment).filter((name) => isOurs(name) && !known.has(name));
  if (unknown.length > 0)
    throw new PulseError('settings', `there is no setting ${unknown.join(', ')}; conf/settings.yaml names them all`);
}

function readSettings(file: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new PulseError('settings', `the settings file ${file} can't be read: ${plainly(cause)}`, { cause });
  }
  let raw: unknown;
  try {
    raw = parse(text) ?? {};
  } catch (cause) {
    throw new PulseError('settings', `the settings file ${file} is not YAML: ${plainly(cause)}`, { cause });
  }
  if (typeof raw !== 'object' || Array.isArray(raw))
    throw new PulseError('settings', `the settings file ${file} does not hold keys and values`);
  return raw as Record<string, unknown>;
}

/** The first line of an error, without its code and without the path, which is in the message already. */
const plainly = (error: unknown): string =>
  ((error as Error).message.split('\n')[0] ?? '').replace(/^[A-Z]+: |, \w+( '.*')?$|:$/g, '');

function assign(into: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [head = '', ...rest] = path;
  if (rest.length === 0) {
    into[head] = value;
    return;
  }
  const below = (into[head] ??= {});
  // What is no section is left for the schema to refuse.
  if (typeof below === 'object') assign(below as Record<string, unknown>, rest, value);
}

function deepFreeze<Value extends object>(value: Value): Value {
  for (const item of Object.values(value)) if (typeof item === 'object' && item !== null) deepFreeze(item as object);
  return Object.freeze(value);
}
