import process from 'node:process';
import type { Command, CommanderError } from 'commander';
import { exitCodes } from './exit-codes.ts';
import { reportLine } from './report-failure.ts';

/** Says in one line what is wrong with the command line, and where to read on; help that was asked for is no error. */
export function reportWrongUsage(program: Command, { code, exitCode, message }: CommanderError): number {
  if (exitCode === 0) return exitCodes.done;
  if (code === 'commander.help') return exitCodes.wrongUsage;
  const path = [program];
  for (const word of process.argv.slice(2)) {
    const named = path.at(-1)?.commands.find((command) => command.name() === word);
    if (named !== undefined) path.push(named);
  }
  const help = [...path.map((command) => command.name()), '--help'].join(' ');
  reportLine(`${message.replace(/^error: /, '').replace(/\.$/, '')}; see ${help}`);
  return exitCodes.wrongUsage;
}
