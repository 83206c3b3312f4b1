/** A variable of the environment that overrides a setting. */
export interface SettingVariable {
  readonly name: string;
  /** The setting's place in the settings file. */
  readonly path: readonly string[];
  readonly kind: 'text' | 'number' | 'list' | 'flag';
}

const variable = (name: string, path: string, kind: SettingVariable['kind'] = 'text'): SettingVariable => ({
  name,
  path: path.split('.'),
  kind,
});

/**
 * Every such variable. Secrets (`COINGECKO_API_KEY`; `…_USERNAME` and `…_PASSWORD` of `KAFKA` and `SCHEMA_REGISTRY`) are no
 * settings: they come from the environment alone.
 */
export const settingVariables: readonly SettingVariable[] = [
  variable('PULSE_NAMESPACE', 'namespace'),
  variable('PULSE_DATA_DIR', 'data_dir'),
  variable('PULSE_PARTITIONS', 'partitions', 'number'),
  variable('KAFKA_BROKERS', 'kafka.brokers', 'list'),
  variable('PULSE_KAFKA_TLS', 'kafka.tls', 'flag'),
  variable('PULSE_KAFKA_SASL', 'kafka.sasl'),
  variable('PULSE_KAFKA_COMPRESSION', 'kafka.compression'),
  variable('PULSE_KAFKA_REPLICATION_FACTOR', 'kafka.replication_factor', 'number'),
  variable('SCHEMA_REGISTRY_URL', 'schema_registry.url'),
  variable('PULSE_HOST', 'web.host'),
  variable('PULSE_PORT', 'web.port', 'number'),
  variable('PULSE_ALLOWED_ORIGINS', 'web.allowed_origins', 'list'),
  variable('PULSE_COINS', 'coins.ids', 'list'),
  variable('PULSE_TOP', 'coins.top', 'number'),
  variable('PULSE_VS_CURRENCY', 'coins.vs_currency'),
  variable('PULSE_COINGECKO_PLAN', 'coingecko.plan'),
  variable('PULSE_COINGECKO_URL', 'coingecko.base_url'),
  variable('PULSE_INTERVAL_MS', 'coingecko.interval_ms', 'number'),
  variable('PULSE_TIMEOUT_MS', 'coingecko.timeout_ms', 'number'),
  variable('PULSE_MONTHLY_CALLS', 'coingecko.monthly_calls', 'number'),
  variable('PULSE_BACKFILL_DAYS', 'coingecko.backfill_days', 'number'),
  variable('PULSE_HOT_KEYS', 'hot_keys.strategy', 'text'),
  variable('PULSE_COMMIT_INTERVAL_MS', 'commit.interval_ms', 'number'),
  variable('PULSE_COMMIT_RECORDS', 'commit.records', 'number'),
  variable('PULSE_GRACE_MS', 'silver.grace_ms', 'number'),
  variable('PULSE_FUTURE_TOLERANCE_MS', 'silver.future_tolerance_ms', 'number'),
  variable('PULSE_LAKE_FLUSH_INTERVAL_MS', 'lake.flush_interval_ms', 'number'),
  variable('PULSE_LAKE_FLUSH_ROWS', 'lake.flush_rows', 'number'),
  variable('PULSE_DEMO_FILE', 'demo.file'),
  variable('PULSE_DEMO_SPEED', 'demo.speed', 'number'),
  variable('PULSE_DEMO_FIRST_HOURS', 'demo.first_hours', 'number'),
];

/** Variables of the same family that are read elsewhere. */
export const otherVariables: readonly string[] = ['PULSE_SETTINGS'];

/** What PulseAudio reads has the same prefix, and is set on many desktops (and by WSL). */
const PULSE_AUDIO =
  /^PULSE_(SERVER|SINK|SOURCE|BINARY|CLIENTCONFIG|COOKIE|SCRIPT|DLPATH|PROP|LATENCY_MSEC|(RUNTIME|STATE|CONFIG)(_PATH)?|(PROP|LOG|NO|INTERNAL)_.*|LOG)$/;

/** Whether a variable of this name can only be meant for this program; `PULSE_TEST_…` are its tests' own. */
export const isOurs = (name: string): boolean => /^PULSE_(?!TEST_)/.test(name) && !PULSE_AUDIO.test(name);

/** The variable's text as the setting's value; text that is no number stays text, for the schema to refuse. */
export function settingValue({ kind }: SettingVariable, text: string): unknown {
  switch (kind) {
    case 'text':
      return text;
    case 'number':
      return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
    case 'flag':
      return text === 'true' ? true : text === 'false' ? false : text;
    case 'list':
      return text
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== '');
  }
}
