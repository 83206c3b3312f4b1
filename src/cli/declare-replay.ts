import { type Command, Option } from 'commander';
import { replaySources } from '../streams/replay/replay-sources.ts';
import type { Context } from './context.ts';
import type { GivenSettings } from './load-context.ts';
import type { DiffOptions } from './replay/diff.ts';
import type { ReplayOptions } from './replay/replay.ts';

/** Adds `pulse replay` and `pulse diff`. `contextOf` loads the settings with what is given in place of the global options. */
export function declareReplay(program: Command, contextOf: (given?: GivenSettings) => Promise<Context>): void {
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
    .option('--of <namespace>', 'whose quotes are replayed (PULSE_NAMESPACE)')
    .option('--again', 'remove what was replayed before, and freeze the end anew', false)
    .option('--no-lake', 'leave the lake out')
    .option('--diff', 'compare the tables with the live ones; exit 1 on a difference', false)
    .option('--status', 'say how far it is, and how far a promotion is, and do nothing', false)
    .option('--json', 'progress and differences as JSON, an object a line', false)
    .action(async (options: Omit<ReplayOptions, 'namespace'> & { readonly of?: string }) => {
      const { namespace } = program.opts<GivenSettings>();
      const live = await contextOf({ namespace: options.of });
      const { replayCommand } = await import('./replay/replay.ts');
      await replayCommand(live, { ...options, ...(namespace !== undefined && { namespace }) });
    });
  replay
    .command('promote <namespace>')
    .description(
      'the rebuilt tables take the live ones’ place, row by row; stop what works on the live namespace first',
    )
    .action(async (namespace: string) => {
      const live = await contextOf({ namespace: replay.opts<{ readonly of?: string }>().of });
      await (await import('./replay/promote.ts')).promoteCommand(live, namespace);
    });
  program
    .command('diff <a> <b>')
    .description('compares the tables of two namespaces, row by row; . is the default one; exit 1 on a difference')
    .option('--json', 'as one JSON object', false)
    .action(async (a: string, b: string, options: DiffOptions) =>
      (await import('./replay/diff.ts')).diffCommand(await contextOf(), a, b, options),
    );
}
