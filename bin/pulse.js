#!/usr/bin/env node
import process from 'node:process';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`pulse needs Node 20.19 or newer; this is ${process.version}.\n`);
  process.exitCode = 1;
} else {
  const { register } = await import('tsx/esm/api');
  // Registers for this thread alone: a worker starts from a .js file that registers again, then imports its .ts module.
  // No tsconfig: the one of the folder that the command happens to run in is not ours.
  register({ tsconfig: false });
  await import('../src/cli.ts');
}
