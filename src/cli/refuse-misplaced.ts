import { statSync } from 'node:fs';
import type { Command } from 'commander';
import { PulseError } from '../errors.ts';

type Source = 'coingecko' | 'recorded' | 'simulated';

/** The sources that an option means something to. */
const optionsOfSources: Readonly<Record<string, readonly Source[]>> = {
  file: ['recorded'],
  again: ['recorded'],
  speed: ['recorded', 'simulated'],
  count: ['simulated'],
  seed: ['simulated'],
  coins: ['simulated'],
  skew: ['simulated'],
};

/**
 * Refuses what the command line says of another source than the chosen one, before anything is opened. Throws `usage`, and
 * `file-unreadable` where the file can hold nothing.
 */
export function refuseMisplaced(command: Command, source: Source): void {
  for (const [name, sources] of Object.entries(optionsOfSources))
    if (command.getOptionValueSource(name) === 'cli' && !sources.includes(source))
      throw new PulseError('usage', `--${name} goes with --source ${sources.join(' or ')}`);
  if (source !== 'recorded') return;
  const { file } = command.opts<{ file?: string }>();
  if (file === undefined) throw new PulseError('usage', '--source recorded needs the file to play: --file F');
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) throw new PulseError('file-unreadable', `there is no file ${file}`);
  if (found.isDirectory()) throw new PulseError('file-unreadable', `${file} is a folder: name a file in it`);
  if (found.isFile() && found.size === 0) throw new PulseError('file-unreadable', `${file} is empty`);
}
