import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';

const HERE = resolve(import.meta.dirname, '..', '..');
const PAGE = join(HERE, 'docs', 'new-feature.md');

/** The block of docs/new-feature.md behind a comment that names it, line by line. */
export function pageBlock(name: string): readonly string[] {
  const page = readFileSync(PAGE, 'utf8');
  const [, block] = new RegExp(`<!-- ${name} -->\n\n\`\`\`\\w+\n([^]*?)\n\`\`\``).exec(page) ?? [];
  if (block === undefined) throw new Error(`${PAGE} has no block ${name}`);
  return block.split('\n');
}

/** The arguments of the commands of a block of the page. */
export const pageCommands = (name: string): readonly (readonly string[])[] =>
  pageBlock(name).map((line) => {
    const [npx, pulse, ...args] = line.split(' ');
    if (npx !== 'npx' || pulse !== 'pulse') throw new Error(`${PAGE} has another command: ${line}`);
    return args;
  });

/** A copy of the tree with the page's declaration in it, as whoever follows the page has it; gone with the process. */
export function declaredTree(): string {
  const tree = mkdtempSync(join(tmpdir(), 'pulse-declared-'));
  process.once('exit', () => rmSync(tree, { recursive: true, force: true }));
  for (const name of ['bin', 'conf', 'src', 'package.json', 'dist'])
    cpSync(join(HERE, name), join(tree, name), { recursive: true });
  symlinkSync(join(HERE, 'node_modules'), join(tree, 'node_modules'));
  insert(join(tree, 'src', 'streams', '4-gold', 'features.ts'), 'declaration', '\n];\n\n/** The figures of');
  return tree;
}

/** Lays these tests into the copy, and the page's test. */
export function addPageTest(tree: string, tests: readonly string[]): void {
  for (const name of ['vitest.config.ts', 'test/support', ...tests])
    cpSync(join(HERE, name), join(tree, name), { recursive: true });
  insert(join(tree, 'test', 'support', 'oracle', 'feature-rows.ts'), 'test', '\n    final: row.final,\n');
}

/** Inserts a block of the page into a file, before what stands there once. */
function insert(file: string, block: string, place: string): void {
  const [before, after, ...more] = readFileSync(file, 'utf8').split(place);
  if (before === undefined || after === undefined || more.length > 0)
    throw new Error(`${file} does not have ${JSON.stringify(place)} once`);
  writeFileSync(file, [before, ...pageBlock(block)].join('\n') + place + after);
}
