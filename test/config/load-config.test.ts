import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Config, loadConfig, type LoadConfigOptions, namespaceFolder } from '../../src/config.ts';
import { settingVariables } from '../../src/config/environment.ts';
import { settingsSchema } from '../../src/config/settings-schema.ts';
import { PulseError } from '../../src/errors.ts';

const SHIPPED = 'conf/settings.yaml';
const defaults = settingsSchema.parse({});

const folder = mkdtempSync(join(tmpdir(), 'pulse-config-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let file: string;
beforeEach(() => {
  file = join(folder, 'settings.yaml');
  writeFileSync(file, '');
});

const load = (options: LoadConfigOptions = {}): Config => loadConfig({ environment: {}, file, ...options });

const loadFile = (text: string, environment: Record<string, string> = {}): Config => {
  writeFileSync(file, text);
  return load({ environment });
};

function failureOf(run: () => unknown): PulseError {
  try {
    run();
  } catch (error) {
    if (error instanceof PulseError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

/** The leaves of an object, by their path. */
const leavesOf = (value: unknown, path = ''): readonly (readonly [string, unknown])[] =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.entries(value).flatMap(([key, below]) => leavesOf(below, path === '' ? key : `${path}.${key}`))
    : [[path, value]];

const valueAt = (config: Config, path: string): unknown => new Map(leavesOf(config.settings)).get(path);

describe('the settings file that is shipped', () => {
  it('has every setting with its default, and no other', () => {
    expect(parse(readFileSync(SHIPPED, 'utf8'))).toEqual(defaults);
  });

  it('names behind every setting the variable that overrides it', () => {
    const lines = readFileSync(SHIPPED, 'utf8').split('\n');
    expect(settingVariables.map(({ path }) => path.join('.')).sort()).toEqual(
      leavesOf(defaults)
        .map(([path]) => path)
        .sort(),
    );
    let section = '';
    const named = new Map<string, string>();
    for (const line of lines) {
      const [, indent, key = '', comment = ''] = /^( *)(\w+):.*?(?:#(.*))?$/.exec(line) ?? [];
      if (indent === '') section = key;
      const variable = /\b(PULSE_\w+|KAFKA_BROKERS|SCHEMA_REGISTRY_URL)/.exec(comment)?.[0];
      if (variable !== undefined) named.set(indent === '' ? key : `${section}.${key}`, variable);
    }
    expect(Object.fromEntries(named)).toEqual(
      Object.fromEntries(settingVariables.map(({ path, name }) => [path.join('.'), name])),
    );
  });

  it('is read where no other is named', () => {
    const { settings, settingsFile, dataDir } = loadConfig({ environment: {} });
    expect(settings).toEqual(defaults);
    expect(settingsFile).toBe(resolve(SHIPPED));
    expect(dataDir).toBe(resolve('data'));
  });
});

describe('a variable', () => {
  const samples: Readonly<Record<string, readonly [text: string, value: unknown]>> = {
    PULSE_NAMESPACE: ['demo-2', 'demo-2'],
    PULSE_DATA_DIR: ['/tmp/elsewhere', '/tmp/elsewhere'],
    PULSE_PARTITIONS: ['12', 12],
    PULSE_HOST: ['0.0.0.0', '0.0.0.0'],
    PULSE_PORT: ['0', 0],
    PULSE_ALLOWED_ORIGINS: ['https://a.example, https://b.example', ['https://a.example', 'https://b.example']],
    PULSE_COINS: [' bitcoin,ethereum, ', ['bitcoin', 'ethereum']],
    PULSE_TOP: ['7', 7],
    PULSE_VS_CURRENCY: ['eur', 'eur'],
    PULSE_COINGECKO_PLAN: ['demo', 'demo'],
    PULSE_COINGECKO_URL: ['http://127.0.0.1:1234/api', 'http://127.0.0.1:1234/api'],
    PULSE_INTERVAL_MS: ['1e3', 1_000],
    PULSE_TIMEOUT_MS: ['1', 1],
    PULSE_MONTHLY_CALLS: ['10000', 10_000],
    PULSE_BACKFILL_DAYS: ['0', 0],
    PULSE_HOT_KEYS: ['salted', 'salted'],
    PULSE_COMMIT_INTERVAL_MS: ['1000', 1_000],
    PULSE_COMMIT_RECORDS: ['1', 1],
    PULSE_GRACE_MS: ['0', 0],
    PULSE_FUTURE_TOLERANCE_MS: ['0', 0],
    PULSE_LAKE_FLUSH_INTERVAL_MS: ['1', 1],
    PULSE_LAKE_FLUSH_ROWS: ['1', 1],
    PULSE_DEMO_FILE: ['market.ndjson', 'market.ndjson'],
    PULSE_DEMO_SPEED: ['0.5', 0.5],
    PULSE_DEMO_FIRST_HOURS: ['0', 0],
    SCHEMA_REGISTRY_URL: ['http://127.0.0.1:8081/apis/x', 'http://127.0.0.1:8081/apis/x'],
    KAFKA_BROKERS: ['a:9092, b:9093', ['a:9092', 'b:9093']],
    PULSE_KAFKA_TLS: ['true', true],
    PULSE_KAFKA_SASL: ['scram-sha-512', 'scram-sha-512'],
    PULSE_KAFKA_COMPRESSION: ['zstd', 'zstd'],
    PULSE_KAFKA_REPLICATION_FACTOR: ['3', 3],
  };

  it.each(settingVariables.map(({ name, path }) => [name, path.join('.')]))(
    '%s overrides %s, and nothing else',
    (name, path) => {
      const [text, value] = samples[name]!;
      const config = load({ environment: { [name]: text } });
      expect(leavesOf(config.settings)).toEqual(
        leavesOf(defaults).map(([at, known]) => [at, at === path ? value : known]),
      );
    },
  );

  it('that is empty is none', () => {
    const environment = Object.fromEntries(settingVariables.map(({ name }) => [name, '']));
    expect(load({ environment }).settings).toEqual(defaults);
  });

  it('that nobody knows is refused by its name', () => {
    const failure = failureOf(() =>
      load({ environment: { PULSE_PROT: '80', PULSE_PORT: '80', PATH: '/bin', pulse_x: '' } }),
    );
    expect(failure).toMatchObject({ code: 'settings', message: expect.stringContaining('PULSE_PROT') as string });
    expect(failure.message).not.toContain('PULSE_PORT');
  });

  it("of another program's, or of the tests, is none of ours", () => {
    const environment = { PULSE_SERVER: 'unix:/run', PULSE_RUNTIME_PATH: '/run', PULSE_TEST_SEED: '7', PULSE_LOG: '4' };
    expect(load({ environment }).settings).toEqual(defaults);
  });

  it.each([
    ['KAFKA_BROKERS', 'localhost'],
    ['PULSE_KAFKA_TLS', 'yes'],
    ['PULSE_KAFKA_SASL', 'gssapi'],
  ])('%s=%s is refused by its name', (name, text) => {
    expect(failureOf(() => load({ environment: { [name]: text } }))).toMatchObject({
      code: 'settings',
      message: expect.stringContaining(name) as string,
    });
  });

  it('names the settings file, unless an option does', () => {
    const other = join(folder, 'other.yaml');
    writeFileSync(other, 'partitions: 9');
    const environment = { PULSE_SETTINGS: other };
    expect(loadConfig({ environment })).toMatchObject({ settings: { partitions: 9 }, settingsFile: other });
    expect(load({ environment })).toMatchObject({ settings: { partitions: 4 }, settingsFile: file });
  });
});

describe('what is said in several places', () => {
  it('is taken from the option, then the variable, then the file, then the default', () => {
    writeFileSync(file, 'partitions: 2\nweb:\n  port: 2\n  host: file\n');
    const environment = { PULSE_PORT: '3', PULSE_PARTITIONS: '3' };
    const overrides = [
      { option: '--partitions', path: 'partitions', value: 4 },
      { option: '--port', path: 'web.port', value: undefined },
    ];
    const { settings } = load({ environment, overrides });
    expect([settings.partitions, settings.web.port, settings.web.host, settings.coins.top]).toEqual([
      4,
      3,
      'file',
      100,
    ]);
  });

  it('does not hide that a section of the file is none', () => {
    expect(failureOf(() => loadFile('web: 5', { PULSE_PORT: '80' })).message).toContain('web in');
    expect(loadFile('web:\n', { PULSE_PORT: '80' }).settings.web).toEqual({ ...defaults.web, port: 80 });
  });
});

describe('a settings file', () => {
  it.each<[string, string, string]>([
    ['a key that nobody knows', 'partitons: 4', 'partitons'],
    ['such a key in a section', 'web:\n  prot: 80', 'web.prot'],
    ['a section that nobody knows', 'silver:\n  grace_ms: 5\nkafka:\n  brokers: x', 'kafka'],
    ['a number that is text', 'partitions: four', 'partitions'],
    ['a number out of range', 'web:\n  port: 65536', 'web.port'],
    ['a broken number', 'partitions: 1.5', 'partitions'],
    ['no partitions', 'partitions: 0', 'partitions'],
    ['a commit interval over a second', 'commit:\n  interval_ms: 1001', 'commit.interval_ms'],
    ['a poll interval under a second', 'coingecko:\n  interval_ms: 999', 'coingecko.interval_ms'],
    ['a namespace that is a path', 'namespace: ../other', 'namespace'],
    ['a namespace in capitals', 'namespace: Demo', 'namespace'],
    ['a namespace that is too long', `namespace: ${'x'.repeat(42)}`, 'namespace'],
    ['an origin that is no URL', 'web:\n  allowed_origins: [example]', 'web.allowed_origins.0'],
    ['a plan that there is not', 'coingecko:\n  plan: gold', 'coingecko.plan'],
    ['a host that is no URL', 'coingecko:\n  base_url: api', 'coingecko.base_url'],
    ['an empty coin', 'coins:\n  ids: [""]', 'coins.ids.0'],
    ['a currency that is none', 'coins:\n  vs_currency: US Dollar', 'coins.vs_currency'],
    ['a negative grace', 'silver:\n  grace_ms: -1', 'silver.grace_ms'],
    ['a speed of nothing', 'demo:\n  speed: 0', 'demo.speed'],
    ['an empty data folder', "data_dir: ''", 'data_dir'],
  ])('with %s is refused by the name of the key', (_, text, key) => {
    const failure = failureOf(() => loadFile(text));
    expect(failure.code).toBe('settings');
    expect(failure.message).toContain(key);
    expect(failure.message).toContain(file);
    expect(failure.message).not.toContain('\n');
  });

  it('with several faults is refused by the names of them all', () => {
    const { message } = failureOf(() => loadFile('partitions: 0\nweb:\n  port: -1\nmore: 1'));
    for (const key of ['partitions', 'web.port', 'more']) expect(message).toContain(key);
  });

  it('that a variable or an option spoils is not blamed: they are, by their names', () => {
    const byVariable = failureOf(() => load({ environment: { PULSE_PORT: 'eighty' } }));
    expect(byVariable).toMatchObject({
      code: 'settings',
      message: expect.stringMatching(/^PULSE_PORT can't be "eighty"/) as string,
    });
    const overrides = [{ option: '--port', path: 'web.port', value: -1 }];
    const byOption = failureOf(() => load({ environment: { PULSE_PORT: '80' }, overrides }));
    expect(byOption).toMatchObject({ code: 'usage', message: expect.stringMatching(/^--port can't be -1/) as string });
    const inAList = failureOf(() => load({ environment: { PULSE_ALLOWED_ORIGINS: 'https://a.example,b' } }));
    expect(inAList.message).toMatch(/^PULSE_ALLOWED_ORIGINS can't be "b"/);
  });

  it('with a long value is refused without showing all of it', () => {
    expect(failureOf(() => loadFile(`partitions: ${'x'.repeat(5_000)}`)).message.length).toBeLessThan(400);
  });

  it.each([
    ['is not there', () => rmSync(file)],
    ['is no YAML', () => writeFileSync(file, 'a: [')],
    ['says a key twice', () => writeFileSync(file, 'partitions: 1\npartitions: 2')],
    ['is a list', () => writeFileSync(file, '- a')],
    ['is a word', () => writeFileSync(file, 'hello')],
  ])('that %s is refused by its name', (_, make) => {
    make();
    const { code, message } = failureOf(() => load());
    expect([code, message.includes(file), message.includes('\n')]).toEqual(['settings', true, false]);
  });

  it('may be empty, or hold a part of the settings', () => {
    expect(loadFile('').settings).toEqual(defaults);
    expect(valueAt(loadFile('silver: { grace_ms: 7 }'), 'silver.grace_ms')).toBe(7);
  });
});

describe('a secret', () => {
  const environment = { COINGECKO_API_KEY: 'CG-hush' };

  it('comes from the environment alone, and is in no setting', () => {
    const config = load({ environment });
    expect(config.secrets).toEqual({ coingeckoApiKey: 'CG-hush' });
    expect(JSON.stringify({ ...config, secrets: undefined })).not.toContain('hush');
    expect(load({ environment: { COINGECKO_API_KEY: '' } }).secrets.coingeckoApiKey).toBeUndefined();
    expect(load().secrets.coingeckoApiKey).toBeUndefined();
  });

  it('is in no error', () => {
    const failure = failureOf(() =>
      load({ environment: { ...environment, PULSE_PORT: 'x', PULSE_COINGECKO_PLAN: 'y' } }),
    );
    expect(`${failure.stack} ${JSON.stringify(failure)} ${String(failure.cause)}`).not.toContain('hush');
    const unknown = failureOf(() => load({ environment: { ...environment, PULSE_COINGECKO_API_KEY: 'CG-hush' } }));
    expect(unknown.message).toContain('PULSE_COINGECKO_API_KEY');
    expect(unknown.message).not.toContain('hush');
  });

  it('is refused in the settings file, without being shown', () => {
    const failure = failureOf(() => loadFile('coingecko:\n  api_key: CG-hush'));
    expect(failure.message).toContain('coingecko.api_key');
    expect(`${failure.stack} ${String(failure.cause)}`).not.toContain('hush');
  });
});

it('what is loaded can not be changed', () => {
  const { settings, ...config } = load({ environment: { PULSE_COINS: 'bitcoin', COINGECKO_API_KEY: 'CG-hush' } });
  for (const part of [settings, settings.web, settings.coins, settings.coins.ids, config.secrets])
    expect(() => Object.assign(part, { added: 1 })).toThrow(TypeError);
  expect(Object.isFrozen(load())).toBe(true);
});

it('a namespace has a folder of its own below the data folder; the default one is the data folder', () => {
  expect(namespaceFolder('data', '')).toBe(resolve('data'));
  expect(namespaceFolder('/srv/pulse/', 'demo')).toBe('/srv/pulse/namespaces/demo');
  expect(load({ environment: { PULSE_DATA_DIR: '/srv/pulse', PULSE_NAMESPACE: 'demo' } }).dataDir).toBe(
    '/srv/pulse/namespaces/demo',
  );
});
