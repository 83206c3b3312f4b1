/** What to do about an error, decided by its class alone: try again, set the record aside, or stop the task. */
export type Remedy = 'retry' | 'dead-letter' | 'halt';

/** The closed set of error codes; each has exactly one remedy. */
export const remedies = {
  usage: 'halt',
  settings: 'halt',
  'file-unreadable': 'halt',
  'port-in-use': 'halt',
  'wrong-namespace-kind': 'halt',
  'unknown-topic': 'halt',
  'topic-mismatch': 'halt',
  'offset-out-of-range': 'halt',
  'position-missing': 'halt',
  'log-locked': 'halt',
  'log-format': 'halt',
  'log-corrupt': 'halt',
  'state-format': 'halt',
  'state-corrupt': 'halt',
  'table-corrupt': 'halt',
  'table-mismatch': 'halt',
  'version-vacuumed': 'retry',
  'disk-full': 'halt',
  'disk-unwritable': 'halt',
  'log-refused': 'halt',
  'log-unavailable': 'retry',
  'registry-unavailable': 'retry',
  'registry-refused': 'halt',
  'schema-incompatible': 'halt',
  fenced: 'halt',
  standstill: 'retry',
  'changelog-lost': 'halt',
  'changelog-unreadable': 'halt',
  'history-incomplete': 'halt',
  'promotion-outdated': 'halt',
  'source-rejected': 'halt',
  'source-unavailable': 'retry',
  'bad-record': 'dead-letter',
} as const satisfies Record<string, Remedy>;

export type ErrorCode = keyof typeof remedies;

/**
 * The one root of the errors that this program throws on purpose. The message says the fact in one line (with the key
 * and the offset where there are any) and, where a person can do something, what.
 */
export class PulseError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'PulseError';
    this.code = code;
  }

  get remedy(): Remedy {
    return remedies[this.code];
  }
}
