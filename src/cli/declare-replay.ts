import { type Command, Option } from 'commander';
import { replaySources } from '../streams/replay/replay-sources.ts';
import { PulseError } from '../errors.ts';
import { speed, wholeNumber } from './arguments.ts';
import type { Context } from './context.ts';
import type { GivenSettings } from './load-context.ts';
import type { DiffOptions } from './replay/diff.ts';
import { refuseMixed } from './replay/refuse-mixed.ts';
import type { ReplayOptions } from './replay/replay.ts';
import { yieldToOthers } from './replay/yield-to-others.ts';

interface GivenReplay extends Omit<ReplayOptions, 'namespace'> {
  readonly of?: string;
  readonly speed: number | 'max';
  readonly port: number;
  readonly host?: string;
}

/** Adds `pulse replay` and `pulse diff`. `contextOf` loads the settings with what is given in place of the global options. */
export function declareReplay(program: Command, contextOf: ContextOf): void {
  const replay = program
    .command('replay')
    .description(
      'every table from the quotes that there are, into a namespace of its own (--namespace; replay unless given)',
    )
    .addOption(
      new Option(
        '--from <where>',
        'earliest: the topic, and Bronze below its start; bronze: as far as it goes, then the topic; topic: no Bronze',
      )
        .choices(replaySources)
        .default('earliest'),
    )
    .addOption(
      new Option(
        '--speed <factor>',
        'a time-lapse instead: as quotes were seen, that much faster, on a page of its own, afresh each time (--namespace; ' +
          'timelapse unless given); max rebuilds',
      )
        .argParser(speed)
        .default('max'),
    )
    .addOption(
      new Option('--port <port>', 'of the time-lapse’s page; a free one unless given')
        .argParser(wholeNumber(0, 65_535))
        .default(0),
    )
    .option('--host <host>', 'of the time-lapse’s page (PULSE_HOST)')
    .option('--of <namespace>', 'whose quotes are replayed (PULSE_NAMESPACE)')
    .option('--again', 'remove what was replayed before, and freeze the end anew', false)
    .option('--no-lake', 'leave the lake out')
    .option('--diff', 'compare the tables with the live ones; exit 1 on a difference', false)
    .option('--status', 'say how far it is, and how far a promotion is, and do nothing', false)
    .option('--json', 'progress and differences as JSON, an object a line', false)
    .action(async ({ of, speed: factor, port, host, ...options }: GivenReplay, command: Command) => {
      const { namespace } = program.opts<GivenSettings>();
      const where = namespace !== undefined && { namespace };
      refuseMixed(command, factor !== 'max' ? 'time-lapse' : options.status ? 'status' : 'rebuild');
      yieldToOthers();
      const live = await contextOf({ namespace: of, port, ...(host !== undefined && { host }) });
      if (factor === 'max') await (await import('./replay/replay.ts')).replayCommand(live, { ...options, ...where });
      else
        await (
          await import('./replay/timelapse.ts')
        ).timelapseCommand(live, { from: options.from, lake: options.lake, speed: factor, ...where });
    });
  declarePromote(program, replay, contextOf);
  declareDiff(program, contextOf);
}

type ContextOf = (given?: GivenSettings) => Promise<Context>;

/** It takes the options of `pulse replay` that mean something to it, as Commander hands them to the command above. */
function declarePromote(program: Command, replay: Command, contextOf: ContextOf): void {
  replay
    .command('promote <namespace>')
    .description(
      'the rebuilt tables take the live ones’ place, row by row; stop what works on the live namespace first. ' +
        'Of the options of replay it takes --of, --json and --diff, which compares when it is done',
    )
    .action(async (namespace: string) => {
      refuseMixed(replay, 'promote');
      refuseNamespace(
        program,
        'promote takes the namespace of the replay as its argument, and --of those of the quotes',
      );
      const { of, json, diff } = replay.opts<GivenReplay>();
      const live = await contextOf({ namespace: of });
      await (await import('./replay/promote.ts')).promoteCommand(live, namespace, { json, diff });
    });
}

function declareDiff(program: Command, contextOf: ContextOf): void {
  program
    .command('diff <a> <b>')
    .description('compares the tables of two namespaces, row by row; . is the default one; exit 1 on a difference')
    .option('--json', 'as one JSON object', false)
    .action(async (a: string, b: string, options: DiffOptions) => {
      refuseNamespace(program, 'diff takes both namespaces as its arguments');
      await (await import('./replay/diff.ts')).diffCommand(await contextOf(), a, b, options);
    });
}

/** Throws `usage` where the command line names a namespace with `--namespace`, which the command would not look at. */
function refuseNamespace(program: Command, why: string): void {
  if (program.getOptionValueSource('namespace') === 'cli') throw new PulseError('usage', `--namespace: ${why}`);
}
