import { PulseError } from '../../../errors.ts';
import { fenced } from '../local/writer-errors.ts';

/** What kafkajs throws, as far as it is looked at. */
interface KafkaError {
  readonly message: string;
  /** The protocol's name of the error, such as `NOT_LEADER_FOR_PARTITION`. */
  readonly type?: string;
  readonly cause?: unknown;
  readonly originalError?: unknown;
}

/**
 * Errors of the protocol that say that another producer took over the transactional id. (INVALID_PRODUCER_ID_MAPPING does
 * not: the cluster has forgotten an id that was idle for a week, and a new producer helps.)
 */
const FENCED = new Set(['INVALID_PRODUCER_EPOCH', 'PRODUCER_FENCED']);

/** Errors that are not put right by trying again, with what to do about them. */
const ADVICE = new Map([
  ['TOPIC_AUTHORIZATION_FAILED', 'grant the user the right to read, write, create and describe the topics'],
  ['GROUP_AUTHORIZATION_FAILED', 'grant the user the right to read the groups'],
  ['CLUSTER_AUTHORIZATION_FAILED', 'grant the user the right to write idempotently'],
  ['TRANSACTIONAL_ID_AUTHORIZATION_FAILED', 'grant the user the right to write and describe the transactional ids'],
  ['SASL_AUTHENTICATION_FAILED', 'check KAFKA_USERNAME and KAFKA_PASSWORD'],
  ['UNSUPPORTED_SASL_MECHANISM', 'check kafka.sasl'],
  ['MESSAGE_TOO_LARGE', 'raise max.message.bytes of the topic'],
]);

/** The innermost error that names a protocol error, or else the one given: kafkajs wraps them when it gives up. */
function protocolError(error: unknown): KafkaError {
  let found = error as KafkaError;
  for (let at: unknown = error; typeof at === 'object' && at !== null;) {
    const inner = at as KafkaError;
    if (inner.type !== undefined) found = inner;
    at = inner.originalError ?? inner.cause;
  }
  return found;
}

/** The protocol's name of what went wrong, where it has one. */
export const protocolName = (error: unknown): string | undefined => protocolError(error).type;

/** The one place where what kafkajs throws becomes a PulseError; what is not known to be for good may pass. */
export function kafkaFailure(error: unknown, what: string): PulseError {
  if (error instanceof PulseError) return error;
  const { type, message } = protocolError(error);
  if (type !== undefined && FENCED.has(type)) return fenced(what);
  const advice = type === undefined ? undefined : ADVICE.get(type);
  if (advice !== undefined) return new PulseError('log-refused', `${what}: ${type}: ${advice}.`, { cause: error });
  return new PulseError('log-unavailable', `${what}: ${message}`, { cause: error });
}
