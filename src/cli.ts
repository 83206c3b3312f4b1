import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { IngestCommandOptions } from './cli/ingest.ts';
import type { ProcessOptions } from './cli/process.ts';
import type { ReadTopicOptions } from './cli/read-topic.ts';
import type { StartOptions } from './cli/start.ts';
import { createContext, type Context } from './cli/context.ts';
import { reportFailure } from './cli/report-failure.ts';
import { loadConfig } from './config.ts';

/*
 * The command line: parses, loads what a command needs, runs it. Commands are imported when they run, so that `--help`
 * and short commands start at once.
 */

const program = new Command('pulse');
program
  .description('Live market quotes as continuously maintained tables of hourly prices and rolling features.')
  .version(versionOfProgram(), '--version')
  .option('--settings <file>', 'the settings file (default: conf/settings.yaml, or PULSE_SETTINGS)')
  .option('--namespace <name>', 'work in this namespace (PULSE_NAMESPACE)')
  .option('--data-dir <folder>', 'keep everything here (PULSE_DATA_DIR)')
  .option('--verbose', 'show where an error came from')
  .configureHelp({ showGlobalOptions: true })
  .exitOverride();

const sources = ['coingecko', 'recorded', 'simulated'] as const;
const sourceOption = (): Option => new Option('--source <source>', 'where quotes come from').choices(sources);
const speedOption = (): Option =>
  new Option('--speed <factor>', 'event time per real time of a recorded or simulated market, or max').argParser(speed);

program
  .command('start')
  .description('everything in one process: quotes in, tables out, and the page')
  .addOption(sourceOption())
  .option('--file <file>', 'the recorded market to play')
  .addOption(speedOption())
  .option('--port <port>', 'of the page (PULSE_PORT)', wholeNumber)
  .option('--host <host>', 'of the page (PULSE_HOST)')
  .action(async (options: PageOptions & StartOptions) =>
    (await import('./cli/start.ts')).startCommand(context(options), options),
  );

program
  .command('ingest')
  .description('quotes from a source into coingecko.markets')
  .addOption(sourceOption().makeOptionMandatory())
  .option('--file <file>', 'recorded: NDJSON or a JSON array of /coins/markets elements, plain or gzip')
  .addOption(speedOption().default('max'))
  .option('--again', 'recorded: ingest a file again that was finished before', false)
  .option('--count <records>', 'simulated: how many quotes; endless without', wholeNumber)
  .option('--seed <text>', 'simulated: the same seed gives the same market', '1')
  .option('--coins <number>', 'simulated: how many coins', wholeNumber, 250)
  .option('--skew <exponent>', 'simulated: of the Zipf law of the coins’ rates; 0 is uniform', finiteNumber, 0)
  .action(async (options: IngestCommandOptions) => (await import('./cli/ingest.ts')).ingestCommand(context(), options));

program
  .command('process')
  .description('stages 1 and 2: quotes into hourly prices and features')
  .option('--until-caught-up', 'end when everything in the log is processed', false)
  .option('--workers <threads>', 'share the partitions among so many threads', wholeNumber, 1)
  .action(async (options: ProcessOptions) => (await import('./cli/process.ts')).processCommand(context(), options));

program
  .command('web')
  .description('the dashboard of a namespace, beside whatever else works on it')
  .option('--port <port>', 'of the page (PULSE_PORT)', wholeNumber)
  .option('--host <host>', 'of the page (PULSE_HOST)')
  .action(async (options: PageOptions) => (await import('./cli/web.ts')).webCommand(context(options)));

const topics = program.command('topics').description('the topics of a namespace');
topics
  .command('list')
  .description('every topic, with its partitions, clean-up and size')
  .action(async () => (await import('./cli/topics.ts')).listTopics(context()));
topics
  .command('create')
  .description('make the topics that are missing, and check the others')
  .action(async () => (await import('./cli/topics.ts')).createTopics(context()));
topics
  .command('describe <topic>')
  .description('what a topic holds, and the offsets of its partitions')
  .action(async (topic: string) => (await import('./cli/topics.ts')).describeTopic(context(), topic));
topics
  .command('read <topic>')
  .description('one JSON object a line: topic, partition, offset, timestamp, key, headers, value')
  .addOption(new Option('--from <where>', 'where to begin').choices(['earliest', 'latest']).default('earliest'))
  .option('--follow', 'go on with what comes', false)
  .option('--latest-per-key', 'only the latest record of every key', false)
  .option('--key <key>', 'only records of this key')
  .option('--limit <records>', 'end after so many', wholeNumber, Infinity)
  .action(async (topic: string, options: ReadTopicOptions) =>
    (await import('./cli/read-topic.ts')).readTopic(context(), topic, options),
  );

program
  .command('doctor')
  .description('checks everything that a run needs, and says what to do')
  .action(async () => (await import('./cli/doctor.ts')).doctorCommand(context()));

program
  .command('reset')
  .description('removes a namespace: its topics, state and lake, after saying what will go')
  .option('--yes', 'without asking', false)
  .action(async (options: { readonly yes: boolean }) =>
    (await import('./cli/reset.ts')).resetCommand(context(), options),
  );

try {
  await program.parseAsync();
  process.exit();
} catch (error) {
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : 2);
  process.exit(reportFailure(error, Boolean(program.opts().verbose)));
}

interface PageOptions {
  readonly port?: number;
  readonly host?: string;
}

function context({ port, host }: PageOptions = {}): Context {
  const { settings, namespace, dataDir } = program.opts<{ settings?: string; namespace?: string; dataDir?: string }>();
  const overrides = { namespace, data_dir: dataDir, 'web.port': port, 'web.host': host };
  return createContext(loadConfig({ file: settings, overrides }));
}

function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('It is not a whole number.');
  return Number(text);
}

function finiteNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0)
    throw new InvalidArgumentError('It is not a number of 0 or more.');
  return value;
}

function speed(text: string): number | 'max' {
  if (text === 'max') return text;
  const factor = Number(text);
  if (!(factor > 0 && Number.isFinite(factor)))
    throw new InvalidArgumentError('It is neither a factor above 0 nor max.');
  return factor;
}

function versionOfProgram(): string {
  const file = join(import.meta.dirname, '..', 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
