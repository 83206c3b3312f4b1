import { type Command, Option } from 'commander';
import { factorOrZero, share, wholeNumber } from './arguments.ts';
import type { Context } from './context.ts';
import type { SkewLabOptions } from './skew-lab.ts';

const strategies = ['naive', 'salted', 'adaptive', 'all'] as const;
const workloads = ['aggregate', 'join'] as const;

/** Adds `pulse skew-lab`, which has more options than all others. What it runs is imported when it is run. */
export const declareSkewLab = (program: Command, context: () => Promise<Context>): void =>
  void program
    .command('skew-lab')
    .description('what a hot key costs, and what salting saves: one seeded workload by each strategy')
    .addOption(new Option('--strategy <strategy>', 'what is done about hot keys').choices(strategies).default('all'))
    .addOption(new Option('--workload <workload>', 'of the quotes').choices(workloads).default('aggregate'))
    .option('--records <number>', 'how many quotes', wholeNumber(1, 2_000_000), 200_000)
    .option('--keys <number>', 'of how many coins', wholeNumber(1, 100_000), 250)
    .option('--exponent <exponent>', 'of the Zipf law of their rates; 0 is uniform; 1.5 unless given', factorOrZero)
    .option('--hot-share <share>', 'instead: the share of one coin, from 0 to 1; the others are alike', share)
    .option('--tasks <number>', 'partitions of the input, each with a task', wholeNumber(1, 256), 8)
    .option('--waves <number>', 'the quotes come in so many parts', wholeNumber(1, 1_000), 40)
    .option('--work <rounds>', 'extra work on every quote; a round takes some 0.9 µs', wholeNumber(0, 100_000), 40)
    .option(
      '--workers <threads>',
      'worker threads, one a task at most; as many as cores unless given',
      wholeNumber(1, 64),
    )
    .option('--executors <number>', 'the makespan is simulated for so many; as many as tasks', wholeNumber(1, 256))
    .option('--shuffle-partitions <number>', 'of what the tasks hand on', wholeNumber(1, 1_000), 64)
    .option('--advisory-bytes <bytes>', 'adaptive coalesces them up to so many', wholeNumber(1), 262_144)
    .option('--seed <text>', 'the same seed gives the same quotes', '1')
    .option('--json', 'everything that was measured, as JSON', false)
    .action(async (options: SkewLabOptions) =>
      (await import('./skew-lab.ts')).skewLabCommand(await context(), options),
    );
