/*
 * Preloaded into a command (NODE_OPTIONS=--import): stops its own process, as SIGSTOP does, once it has written a line to
 * stdout that has PULSE_TEST_STOP_AT in it; the first of them alone. Plain JavaScript, for it is there before any compiler.
 */
import process from 'node:process';

const { write } = process.stdout;

process.stdout.write = function (line, ...rest) {
  const isTaken = write.call(this, line, ...rest);
  if (!String(line).includes(process.env.PULSE_TEST_STOP_AT)) return isTaken;
  process.stdout.write = write;
  process.kill(process.pid, 'SIGSTOP');
  return isTaken;
};
