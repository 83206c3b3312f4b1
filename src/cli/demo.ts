import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { namespaceFolder } from '../config.ts';
import { PulseError } from '../errors.ts';
import type { IngestSource } from '../streams/1-ingest/ingest-source.ts';
import { persistentSource } from '../streams/1-ingest/persistent-source.ts';
import { recordedSource } from '../streams/1-ingest/recorded/recorded-source.ts';
import { sleepOn } from '../streams/clock/sleep.ts';
import { HOUR_MS } from '../streams/time.ts';
import type { Context } from './context.ts';
import { ingestOptions } from './ingest.ts';
import type { NamespaceLog } from './namespace-log.ts';
import { DEMO } from './refuse-demo.ts';
import { resetNamespace } from './reset.ts';

const SHIPPED = resolve(import.meta.dirname, '..', '..', 'data', 'sample', 'market-2023-12.ndjson.gz');

/** The same program in the namespace `demo`, emptied: the demonstration begins afresh each time. */
export async function demoContext(context: Context): Promise<Context> {
  const { config } = context;
  const { file } = config.settings.demo;
  if (file !== null && !existsSync(file)) throw new PulseError('file-unreadable', `there is no file ${file} to play`);
  const settings = { ...config.settings, namespace: DEMO };
  const demo = { ...context, config: { ...config, settings, dataDir: namespaceFolder(settings.data_dir, DEMO) } };
  await resetNamespace(demo);
  return demo;
}

/** What is played, in words. */
export const demoMarket = ({ config }: Context): string =>
  config.settings.demo.file === null
    ? 'the recorded market of December 2023'
    : `the recorded market of ${config.settings.demo.file}`;

/** The recorded market: the first hours at once, so that every feature has its window, then as a time-lapse. */
export function demoSource(context: Context, opened: NamespaceLog): IngestSource {
  const { demo } = context.config.settings;
  const logger = { info: context.out.say, warn: context.out.say };
  const source = recordedSource({
    ...ingestOptions(context, opened, { logger }),
    namespace: DEMO,
    path: demo.file ?? SHIPPED,
    again: false,
    note: `CoinGecko can’t be reached: this is ${demoMarket(context)}, played as a time-lapse.`,
    speed: demo.speed,
    fastForwardMs: demo.first_hours * HOUR_MS,
  });
  return persistentSource(source, sleepOn(context.clock), logger);
}
