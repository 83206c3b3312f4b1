import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { factorOrZero, speed, wholeNumber } from '../../src/cli/arguments.ts';
import { refuseMisplaced } from '../../src/cli/refuse-misplaced.ts';
import { FEW_HOURS } from '../support/processed-folder.ts';
import { temporaryFolder } from '../support/pulse.ts';

describe('the arguments of options', () => {
  it('are numbers in their range, and nothing that merely looks like one', () => {
    expect(['0', '65535'].map(wholeNumber(0, 65_535))).toEqual([0, 65_535]);
    for (const text of ['65536', '-1', '1.5', '1e3', '0x10', '', ' 1', 'many', 'Infinity', '12345678901234567'])
      expect(() => wholeNumber(0, 65_535)(text)).toThrow('Wanted is a whole number from 0 to 65535.');
    expect(() => wholeNumber(1)('0')).toThrow('Wanted is a whole number from 1.');
    expect(['0', '1.2', '1e-1'].map(factorOrZero)).toEqual([0, 1.2, 0.1]);
    for (const text of ['-0.1', 'Infinity', 'NaN', '', ' ', 'much'])
      expect(() => factorOrZero(text)).toThrow('Wanted is a number of 0 or more.');
    expect(['max', '0.5', '900'].map(speed)).toEqual(['max', 0.5, 900]);
    for (const text of ['0', '-1', 'Infinity', 'fast', ''])
      expect(() => speed(text)).toThrow('Wanted is a factor above 0, or max.');
  });
});

describe('what is said of another source than the chosen one', () => {
  const refusal = (...words: readonly string[]): unknown => {
    const command = new Command().exitOverride();
    for (const name of ['source', 'file', 'speed', 'count', 'seed', 'coins', 'skew']) command.option(`--${name} <x>`);
    command.option('--again').setOptionValueWithSource('speed', 'max', 'default');
    command.parse(words, { from: 'user' });
    try {
      refuseMisplaced(command, command.opts<{ source: 'coingecko' | 'recorded' | 'simulated' }>().source);
      return 'none';
    } catch (error) {
      return `${(error as { code: string }).code}: ${(error as Error).message}`;
    }
  };

  it('is refused, and names the sources that it goes with', () => {
    expect(refusal('--source', 'coingecko')).toBe('none');
    expect(refusal('--source', 'simulated', '--speed', '2', '--coins', '3', '--count', '4')).toBe('none');
    expect(refusal('--source', 'recorded', '--file', FEW_HOURS, '--again', '--speed', '2')).toBe('none');
    expect(refusal('--source', 'simulated', '--file', 'x')).toBe('usage: --file goes with --source recorded');
    expect(refusal('--source', 'coingecko', '--again')).toBe('usage: --again goes with --source recorded');
    expect(refusal('--source', 'coingecko', '--speed', '2')).toMatch(/^usage: --speed .* recorded or simulated$/);
    for (const option of ['--count', '--seed', '--coins', '--skew'])
      expect(refusal('--source', 'recorded', '--file', FEW_HOURS, option, '1')).toMatch(
        /goes with --source simulated$/,
      );
  });

  it('is refused where the file can hold no quotes', () => {
    const folder = temporaryFolder();
    const file = (name: string) => refusal('--source', 'recorded', '--file', join(folder, name));
    mkdirSync(join(folder, 'sub'));
    writeFileSync(join(folder, 'empty'), '');
    expect(refusal('--source', 'recorded')).toBe('usage: --source recorded needs the file to play: --file F');
    expect(file('none')).toMatch(/^file-unreadable: there is no file .*none$/);
    expect(file('sub')).toMatch(/^file-unreadable: .*sub is a folder: name a file in it$/);
    expect(file('empty')).toMatch(/^file-unreadable: .*empty is empty$/);
  });
});
