import { spawnSync } from 'node:child_process';
import { chromiumPath } from './chromium.ts';

const isThere = (command: string, option: string): boolean => spawnSync(command, [option]).status === 0;

/** What a suite can need of a machine: a sentence where it is missing, undefined where it is there. */
const needs: Readonly<Record<string, () => string | undefined>> = {
  chromium: () =>
    chromiumPath() === undefined
      ? 'This suite needs Chromium: install it (Debian: apt-get install chromium) or name it in CHROMIUM_PATH.'
      : undefined,
  java: () => (isThere('java', '-version') ? undefined : 'This suite needs Java 17 or later: it runs real brokers.'),
  maven: () => (isThere('mvn', '--version') ? undefined : 'This suite needs Maven: it fetches the brokers with it.'),
  python: () =>
    isThere('python3', '--version')
      ? undefined
      : 'This suite needs Python 3.11 or later with venv: it reads the lake with programs that are not ours.',
  linux: () =>
    process.platform === 'linux' ? undefined : 'This suite needs Linux: it fills a tmpfs and kills real processes.',
  root: () => (process.getuid?.() === 0 ? undefined : 'This suite needs root: it mounts a small tmpfs to fill it.'),
};

/** `tsx test/support/needs.ts NEED...`: says in one line what is missing first, and exits 1. */
for (const name of process.argv.slice(2)) {
  const missing = needs[name] === undefined ? `There is no need called ${name}.` : needs[name]();
  if (missing === undefined) continue;
  process.stderr.write(`${missing}\n`);
  process.exit(1);
}
