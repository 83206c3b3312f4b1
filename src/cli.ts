import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { Command, CommanderError, Option } from 'commander';
import { factorOrZero, speed, wholeNumber } from './cli/arguments.ts';
import type { Context } from './cli/context.ts';
import { declareLake } from './cli/declare-lake.ts';
import { declareReplay } from './cli/declare-replay.ts';
import { declareSkewLab } from './cli/declare-skew-lab.ts';
import { endOnUnexpected } from './cli/end-on-unexpected.ts';
import { exitWhenWritten } from './cli/exit-when-written.ts';
import { exitCodes } from './cli/exit-codes.ts';
import type { IngestCommandOptions } from './cli/ingest.ts';
import type { GivenSettings } from './cli/load-context.ts';
import type { ProcessOptions } from './cli/process.ts';
import type { ReadTopicOptions } from './cli/read-topic.ts';
import { refuseMisplaced } from './cli/refuse-misplaced.ts';
import { reportFailure } from './cli/report-failure.ts';
import type { SinkOptions } from './cli/sink.ts';
import type { StartOptions } from './cli/start.ts';
import { reportWrongUsage } from './cli/wrong-usage.ts';

/*
 * The command line: parses, loads what a command needs, runs it. Commands and the settings are imported when they are
 * used, so that `--help` and wrong usage answer at once.
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
  .configureOutput({ outputError: () => undefined })
  .exitOverride();

const sources = ['coingecko', 'recorded', 'simulated'] as const;
const sourceOption = (): Option => new Option('--source <source>', 'where quotes come from').choices(sources);
const workersOption = (): Option =>
  new Option('--workers <threads>', 'share the partitions among so many threads')
    .argParser(wholeNumber(1, 32))
    .default(1);
const speedOption = (otherwise = ''): Option =>
  new Option(
    '--speed <factor>',
    `event time per real time of a recorded or simulated market, or max${otherwise}`,
  ).argParser(speed);
const portOption = (): Option =>
  new Option('--port <port>', 'of the page (PULSE_PORT)').argParser(wholeNumber(0, 65_535));

program
  .command('start')
  .description('everything in one process: quotes in, tables out, the lake and the page')
  .addOption(sourceOption())
  .option('--file <file>', 'the recorded market to play')
  .addOption(speedOption('; 1 unless given'))
  .addOption(portOption())
  .option('--host <host>', 'of the page (PULSE_HOST)')
  .addOption(workersOption())
  .action(async (options: GivenSettings & StartOptions, command: Command) => {
    refuseMisplaced(command, options.source ?? 'coingecko');
    await (await import('./cli/start.ts')).startCommand(await context(options), options);
  });

program
  .command('ingest')
  .description('quotes from a source into coingecko.markets')
  .addOption(sourceOption().makeOptionMandatory())
  .option('--file <file>', 'recorded: NDJSON or a JSON array of /coins/markets elements, plain or gzip')
  .addOption(speedOption().default('max'))
  .option('--again', 'recorded: ingest a file again that was finished before', false)
  .option('--count <records>', 'simulated: how many quotes; endless without', wholeNumber(1))
  .option('--seed <text>', 'simulated: the same seed gives the same market', '1')
  .option('--coins <number>', 'simulated: how many coins', wholeNumber(1, 100_000), 250)
  .option('--skew <exponent>', 'simulated: of the Zipf law of the coins’ rates; 0 is uniform', factorOrZero, 0)
  .option('--spread', 'deal the quotes of hot coins out over all partitions', false)
  .action(async (options: IngestCommandOptions, command: Command) => {
    refuseMisplaced(command, options.source);
    await (await import('./cli/ingest.ts')).ingestCommand(await context(), options);
  });

program
  .command('process')
  .description('stages 1 and 2: quotes into hourly prices and features')
  .option('--until-caught-up', 'end when everything in the log is processed', false)
  .option(
    '--rebuild',
    'throw the state away first, and read it again from its changelog; where that can’t be read, compute it anew from the quotes',
    false,
  )
  .option(
    '--drop-unreadable',
    'with --rebuild: remove rows of the changelog that can’t be read, and whose quotes are kept nowhere any more',
    false,
  )
  .addOption(workersOption())
  .action(async (options: ProcessOptions) =>
    (await import('./cli/process.ts')).processCommand(await context(), options),
  );

program
  .command('sink')
  .description('the lake: Bronze, Silver and Gold as Delta tables, beside whatever else works on the namespace')
  .option('--until-caught-up', 'end when everything in the log is in the tables', false)
  .action(async (options: SinkOptions) => (await import('./cli/sink.ts')).sinkCommand(await context(), options));

declareLake(program, context);

program
  .command('web')
  .description('the dashboard of a namespace, beside whatever else works on it')
  .addOption(portOption())
  .option('--host <host>', 'of the page (PULSE_HOST)')
  .action(async (options: GivenSettings) => (await import('./cli/web.ts')).webCommand(await context(options)));

const topics = program.command('topics').description('the topics of a namespace');
topics
  .command('list')
  .description('every topic, with its partitions, clean-up and size')
  .action(async () => (await import('./cli/topics.ts')).listTopics(await context()));
topics
  .command('create')
  .description('make the topics that are missing, and check the others')
  .action(async () => (await import('./cli/topics.ts')).createTopics(await context()));
topics
  .command('describe <topic>')
  .description('what a topic holds, and the offsets of its partitions')
  .action(async (topic: string) => (await import('./cli/topics.ts')).describeTopic(await context(), topic));
topics
  .command('read <topic>')
  .description('one JSON object a line: topic, partition, offset, timestamp, key, headers, value')
  .addOption(new Option('--from <where>', 'where to begin').choices(['earliest', 'latest']).default('earliest'))
  .option('--follow', 'go on with what comes', false)
  .option('--latest-per-key', 'only the latest record of every key', false)
  .option('--key <key>', 'only records of this key')
  .option('--limit <records>', 'end after so many', wholeNumber(0), Infinity)
  .action(async (topic: string, options: ReadTopicOptions) =>
    (await import('./cli/read-topic.ts')).readTopic(await context(), topic, options),
  );

declareReplay(program, context);

declareSkewLab(program, context);

program
  .command('doctor')
  .description('checks everything that a run needs, and says what to do')
  .action(async () => (await import('./cli/doctor.ts')).doctorCommand(await context()));

program
  .command('reset')
  .description('removes a namespace: its topics, state and lake, after saying what will go')
  .option('--yes', 'without asking', false)
  .action(async (options: { readonly yes: boolean }) =>
    (await import('./cli/reset.ts')).resetCommand(await context(), options),
  );

const isVerbose = (): boolean => Boolean(program.opts().verbose);
const unexpected = endOnUnexpected(isVerbose);
try {
  await program.parseAsync();
  await exitWhenWritten(unexpected.hasFailed() ? exitCodes.failed : Number(process.exitCode ?? exitCodes.done));
} catch (error) {
  if (error instanceof CommanderError) await exitWhenWritten(reportWrongUsage(program, error));
  await exitWhenWritten(unexpected.hasFailed() ? exitCodes.failed : reportFailure(error, isVerbose()));
}

async function context(options: GivenSettings = {}): Promise<Context> {
  const { loadContext } = await import('./cli/load-context.ts');
  return loadContext({ ...program.opts<GivenSettings>(), ...options });
}

function versionOfProgram(): string {
  const file = join(import.meta.dirname, '..', 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
