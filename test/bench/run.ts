import process from 'node:process';

/*
 * `npm run bench [-- name] [-- options]`: a benchmark is a file of this folder; each prints what it measured, with the
 * median of its runs, beside a baseline of the same run. Timings are no tests: machines are shared and noisy.
 */

const [name = 'pipeline', ...options] = process.argv.slice(2);
const known = [
  'pipeline',
  'log',
  'parse',
  'rows',
  'lake',
  'lake-memory',
  'kafka',
  'codecs',
  'web',
  'web-clients',
  'skew',
  'replay',
] as const;

if (!known.some((one) => one === name)) {
  console.error(`there is no benchmark ${name}; there are: ${known.join(', ')}`);
  process.exit(2);
}
process.argv = [process.argv[0] ?? 'node', name, ...options];
// What runs in a page has a folder with types of its own.
await import(`./${name === 'web' ? 'web/bench' : name}.ts`);
