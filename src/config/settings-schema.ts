import { z } from 'zod';
import { strategies } from '../streams/hot-keys/strategies.ts';
import { namespaceName } from './namespace-name.ts';

const milliseconds = z.number().int().min(1);
const namespace = z.string().regex(namespaceName.pattern, namespaceName.wanted);

/** A URL with a password in it would be shown wherever the registry's address is. */
const hasNoCredentials = (url: string): boolean => !/^[^/]*\/\/[^/?#]*@/.test(url);

/**
 * Every setting, as `conf/settings.yaml` spells it; that file documents each. A key that is not here is an error, so a
 * misspelt one is never silently ignored.
 */
export const settingsSchema = z.strictObject({
  namespace: namespace.default(''),
  data_dir: z.string().min(1).default('data'),
  partitions: z.number().int().min(1).max(1024).default(4),
  kafka: z
    .strictObject({
      brokers: z.array(z.string().regex(/^[^\s:]+:\d+$/, 'host:port')).default([]),
      tls: z.boolean().default(false),
      sasl: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']).nullable().default(null),
      // By `npm run bench -- codecs`, processor time of a record for sending, fetching and the broker together, and bytes on
      // disk: quotes of 859 bytes: none 35.5 µs, 869; gzip 51.8, 114; snappy 38.8, 220; lz4 32.9, 195; zstd 32.6, 97.
      // Rows of 319 bytes: none 27.1, 329; gzip 38.4, 71; snappy 31.1, 122; lz4 28.4, 123; zstd 28.5, 73.
      compression: z.enum(['none', 'gzip', 'snappy', 'lz4', 'zstd']).default('zstd'),
      replication_factor: z.number().int().min(1).nullable().default(null),
    })
    .prefault({}),
  schema_registry: z
    .strictObject({
      url: z
        .url({ protocol: /^https?$/, error: 'a URL such as http://127.0.0.1:8081', abort: true })
        .refine(
          hasNoCredentials,
          'a URL without credentials; these are SCHEMA_REGISTRY_USERNAME and SCHEMA_REGISTRY_PASSWORD',
        )
        .nullable()
        .default(null),
    })
    .prefault({}),
  web: z
    .strictObject({
      host: z.string().min(1).default('127.0.0.1'),
      port: z.number().int().min(0).max(65_535).default(8080),
      allowed_origins: z.array(z.url('an origin such as https://example.org')).default([]),
    })
    .prefault({}),
  coins: z
    .strictObject({
      ids: z.array(z.string().min(1)).default([]),
      top: z.number().int().min(1).max(5000).default(100),
      vs_currency: z
        .string()
        .regex(/^[a-z0-9]{2,10}$/, 'a CoinGecko currency code such as usd')
        .default('usd'),
    })
    .prefault({}),
  coingecko: z
    .strictObject({
      plan: z.enum(['auto', 'free', 'demo', 'pro']).default('auto'),
      base_url: z.url('a URL such as https://api.coingecko.com/api/v3').nullable().default(null),
      interval_ms: milliseconds.min(1000).default(60_000),
      timeout_ms: milliseconds.default(10_000),
      monthly_calls: z.number().int().min(1).nullable().default(null),
      backfill_days: z.number().int().min(0).max(90).default(4),
    })
    .prefault({}),
  commit: z
    .strictObject({
      interval_ms: milliseconds.max(1000).default(100),
      records: z.number().int().min(1).default(50_000),
    })
    .prefault({}),
  hot_keys: z.strictObject({ strategy: z.enum(strategies).default('adaptive') }).prefault({}),
  silver: z
    .strictObject({
      grace_ms: z.number().int().min(0).default(600_000),
      future_tolerance_ms: z.number().int().min(0).default(300_000),
    })
    .prefault({}),
  lake: z
    .strictObject({
      flush_interval_ms: milliseconds.default(60_000),
      flush_rows: z.number().int().min(1).default(100_000),
    })
    .prefault({}),
  demo: z
    .strictObject({
      file: z.string().nullable().default(null),
      speed: z.number().positive().default(900),
      first_hours: z.number().int().min(0).default(96),
    })
    .prefault({}),
});

type Frozen<Value> = Value extends readonly (infer Item)[]
  ? readonly Frozen<Item>[]
  : Value extends object
    ? { readonly [Key in keyof Value]: Frozen<Value[Key]> }
    : Value;

/** The validated settings, with every default filled in. */
export type Settings = Frozen<z.output<typeof settingsSchema>>;
