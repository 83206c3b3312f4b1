import type { Command } from 'commander';
import type { Context } from './context.ts';

/** Adds `pulse lake` and its commands. */
export function declareLake(program: Command, contextOf: () => Promise<Context>): void {
  const lake = program.command('lake').description('the tables of the lake');
  const lakeCommand = (name: 'show' | 'coalesce' | 'vacuum' | 'export', description: string): void =>
    void lake
      .command(name)
      .description(description)
      .action(async () => {
        const { coalesceCommand, exportCommand, showLake, vacuumCommand } = await import('./lake.ts');
        const commands = { show: showLake, coalesce: coalesceCommand, vacuum: vacuumCommand, export: exportCommand };
        await commands[name](await contextOf());
      });
  lakeCommand('show', 'a line for every table: version, files, rows, bytes, times');
  lakeCommand('coalesce', 'put the files of Bronze’s days that are over into few');
  lakeCommand('vacuum', 'remove files that were superseded hours ago');
  lakeCommand('export', 'write plain Parquet copies of Silver and Gold to gold_parquet');
}
