/*
 * Preloaded into an instance (NODE_OPTIONS=--import): sends its own process a signal at the n-th request of a kind that
 * one stage's transactional producers make, before it is written, once it is written, or when its answer has come and
 * nobody has seen it yet. Leaves a mark just before, and what the broker answered to a request that was written after a
 * pause. Plain JavaScript, for it is there before any compiler.
 *
 * A request begins with its size (4 bytes), its kind and version (2 each), its number (4) and the client's name; those of
 * transactions go on with the transactional id. Source: Kafka protocol guide, "Request Header v1".
 */
import { writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import process from 'node:process';

const { stage, api, nth, moment, signal, mark } = JSON.parse(process.env.PULSE_TEST_INTERRUPT);

const CORRELATION_AT = 8;
const CLIENT_AT = 12;
/** Of the answers that begin with a throttle time and an error, as that of EndTxn does. */
const ERROR_AT = 12;
const write = Socket.prototype.write;
let seen = 0;

function interrupt() {
  writeFileSync(mark, JSON.stringify({ stage, api, nth, moment }));
  process.kill(process.pid, signal);
}

/** The transactional id that a request of the wanted kind has. */
function transactionalId(request) {
  if (!Buffer.isBuffer(request) || request.length < 16 || request.readInt16BE(4) !== api) return undefined;
  const at = CLIENT_AT + 2 + Math.max(0, request.readInt16BE(CLIENT_AT));
  const size = at + 2 <= request.length ? request.readInt16BE(at) : -1;
  return size < 0 ? undefined : request.toString('utf8', at + 2, at + 2 + size);
}

/** The stage's name, and the input topic's, which begins with the namespace: one stage's name may begin another's. */
const name = `.pulse-${stage}-${process.env.PULSE_NAMESPACE}.`;
const isWanted = (request) => transactionalId(request)?.includes(name) === true;

/** Calls back with the answer to a request, before its reader sees it; it begins with its size and the request's number. */
function onAnswer(socket, request, listen) {
  socket.prependListener('data', (answer) => {
    if (answer.readInt32BE(4) === request.readInt32BE(CORRELATION_AT)) listen(answer);
  });
}

Socket.prototype.write = function (request, ...rest) {
  if (!isWanted(request) || ++seen !== nth) return write.call(this, request, ...rest);
  if (moment === 'before') {
    interrupt();
    onAnswer(this, request, (answer) => writeFileSync(`${mark}.answer`, String(answer.readInt16BE(ERROR_AT))));
  }
  if (moment === 'written') return write.call(this, request, 'binary', interrupt);
  if (moment === 'answered') onAnswer(this, request, interrupt);
  return write.call(this, request, ...rest);
};
