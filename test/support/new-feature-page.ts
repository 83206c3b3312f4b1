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
  const file = join(tree, 'src', 'streams', '4-gold', 'features.ts');
  const [before, after] = splitAt(readFileSync(file, 'utf8'), '\n];\n\n/** The figures of');
  writeFileSync(file, [before, ...pageBlock('declaration')].join('\n') + after);
  return tree;
}

function splitAt(text: string, end: string): readonly [string, string] {
  const at = text.indexOf(end);
  if (at < 0) throw new Error(`there is no ${JSON.stringify(end)}`);
  return [text.slice(0, at), text.slice(at)];
}
