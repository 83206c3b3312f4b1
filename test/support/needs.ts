import { spawnSync } from 'node:child_process';
import { chromiumPath } from './chromium.ts';

const isThere = (command: string, ...args: readonly string[]): boolean => spawnSync(command, args).status === 0;

/** What a suite can need of a machine: a sentence where it is missing, undefined where it is there. */
const needs: Readonly<Record<string, () => string | undefined>> = {
  chromium: () =>
    chromiumPath() === undefined
      ? 'This suite needs Chromium: install it (Debian: apt-get install chromium) or name it in CHROMIUM_PATH.'
      : undefined,
  java: () => (isThere('java', '-version') ? undefined : 'This suite needs Java 17 or later: it runs real brokers.'),
  maven: () => (isThere('mvn', '--version') ? undefined : 'This suite needs Maven: it fetches the brokers with it.'),
  // With its compiler: the client's source is run as it is.
  jdk: () =>
    isThere('javac', '-version') ? undefined : 'This suite needs a JDK: Kafka’s own client is one of those used.',
  kcat: () =>
    isThere('kcat', '-V')
      ? undefined
      : 'This suite needs kcat (Debian: apt-get install kcat): it reads and writes what we write and read.',
  python: () =>
    isThere('python3', '-c', 'import venv, ensurepip')
      ? undefined
      : 'This suite needs Python 3.11 or later with venv (Debian: python3-venv): it reads with programs that are not ours.',
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
