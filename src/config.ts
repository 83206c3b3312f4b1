import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { otherVariables, settingValue, settingVariables } from './config/environment.ts';
import { type Settings, settingsSchema } from './config/settings-schema.ts';
import { PulseError } from './errors.ts';

/** Everything the program is told from outside: settings, and the secrets that only the environment holds. */
export interface Config {
  readonly settings: Settings;
  /** The folder of this namespace's data, absolute. */
  readonly dataDir: string;
  /** Never logged, never in a record. */
  readonly secrets: { readonly coingeckoApiKey: string | undefined };
  /** Where the settings came from, for `pulse doctor`. */
  readonly settingsFile: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

export interface LoadConfigOptions {
  readonly environment?: Environment;
  /** The settings file; the default is `PULSE_SETTINGS`, else `conf/settings.yaml` of the program itself. */
  readonly file?: string | undefined;
  /** Settings that win over the environment: what was said on the command line, by their place in the file. */
  readonly overrides?: Readonly<Record<string, unknown>>;
}

const SHIPPED = resolve(import.meta.dirname, '..', 'conf', 'settings.yaml');

/** Reads the settings file and the environment into one frozen object; throws `settings`, naming every key at fault. */
export function loadConfig(options: LoadConfigOptions = {}): Config {
  const environment = options.environment ?? process.env;
  refuseUnknown(environment);
  const settingsFile = options.file ?? (environment.PULSE_SETTINGS || SHIPPED);
  const raw = readSettings(settingsFile);
  for (const variable of settingVariables) {
    const text = environment[variable.name];
    if (text !== undefined && text !== '') assign(raw, variable.path, settingValue(variable, text));
  }
  for (const [path, value] of Object.entries(options.overrides ?? {}))
    if (value !== undefined) assign(raw, path.split('.'), value);
  const parsed = settingsSchema.safeParse(raw);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'the file'}: ${message}`);
    throw new PulseError(
      'settings',
      `the settings (${settingsFile} and the environment) are not valid: ${faults.join('; ')}`,
    );
  }
  const key = environment.COINGECKO_API_KEY;
  return deepFreeze({
    settings: parsed.data,
    dataDir: namespaceFolder(parsed.data.data_dir, parsed.data.namespace),
    secrets: { coingeckoApiKey: key === '' ? undefined : key },
    settingsFile,
  });
}

/** Where a namespace's log, state and lake live: the default one in the data folder itself, others in folders of it. */
export const namespaceFolder = (dataDir: string, namespace: string): string =>
  namespace === '' ? resolve(dataDir) : join(resolve(dataDir), 'namespaces', namespace);

function refuseUnknown(environment: Environment): void {
  const known = new Set([...settingVariables.map(({ name }) => name), ...otherVariables]);
  const unknown = Object.keys(environment).filter((name) => /^PULSE_(?!TEST_)/.test(name) && !known.has(name));
  if (unknown.length > 0)
    throw new PulseError('settings', `no setting is called ${unknown.join(', ')}; known are ${[...known].join(', ')}`);
  if (environment.KAFKA_BROKERS)
    throw new PulseError('settings', 'KAFKA_BROKERS is set, but this version has the embedded log only: unset it');
}

function readSettings(file: string): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new PulseError('settings', `the settings file ${file} can't be read: ${(cause as Error).message}`, { cause });
  }
  let raw: unknown;
  try {
    raw = parse(text) ?? {};
  } catch (cause) {
    const where = (cause as Error).message.split('\n')[0] ?? '';
    throw new PulseError('settings', `the settings file ${file} is not YAML: ${where}`, { cause });
  }
  if (typeof raw !== 'object' || Array.isArray(raw))
    throw new PulseError('settings', `the settings file ${file} does not hold keys and values`);
  return raw as Record<string, unknown>;
}

function assign(into: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [head = '', ...rest] = path;
  if (rest.length === 0) {
    into[head] = value;
    return;
  }
  const below = into[head];
  const next = typeof below === 'object' && below !== null ? (below as Record<string, unknown>) : {};
  into[head] = next;
  assign(next, rest, value);
}

function deepFreeze<Value extends object>(value: Value): Value {
  for (const item of Object.values(value)) if (typeof item === 'object' && item !== null) deepFreeze(item as object);
  return Object.freeze(value);
}
