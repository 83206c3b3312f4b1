import type { Log } from '../../../streams/log/log.ts';
import { deadLetterBytes, readDeadLetters } from '../records/read-dead-letters.ts';
import { type Answer, failure, ok } from './answer.ts';

const MAX_LIMIT = 100;
const USUAL_LIMIT = 20;
/** Whoever asks for more at once waits for nobody: each costs a read of the log. */
const MAX_AT_ONCE = 4;

/** Answers `GET /api/dead-letters?partition&before&limit` and `GET /api/dead-letters/<partition>/<offset>`. */
export class DeadLetterAnswers {
  readonly #log: Log;
  readonly #topic: string;
  #atWork = 0;

  constructor(log: Log, topic: string) {
    this.#log = log;
    this.#topic = topic;
  }

  async answer(segments: readonly string[], query: URLSearchParams): Promise<Answer> {
    if (this.#atWork >= MAX_AT_ONCE)
      return {
        ...failure(503, 'busy', 'Too many ask for dead letters at once; ask again.'),
        headers: { 'retry-after': '1' },
      };
    this.#atWork += 1;
    try {
      return segments.length === 0 ? await this.#page(query) : await this.#bytes(segments);
    } finally {
      this.#atWork -= 1;
    }
  }

  async #page(query: URLSearchParams): Promise<Answer> {
    for (const name of query.keys())
      if (!['partition', 'before', 'limit'].includes(name))
        return failure(400, 'unknown-parameter', 'Use partition, before and limit.');
    const partition = numberIn(query, 'partition');
    const before = beforeIn(query.get('before'), partition);
    const limit = query.has('limit') ? numberIn(query, 'limit') : USUAL_LIMIT;
    if (Number.isNaN(partition) || before === undefined)
      return failure(400, 'bad-offset', 'partition is a whole number from 0, and before what an answer has as next.');
    if (limit === undefined || !(limit >= 1 && limit <= MAX_LIMIT))
      return failure(400, 'bad-limit', `limit is a whole number from 1 to ${MAX_LIMIT}.`);
    return ok(await readDeadLetters(this.#log, this.#topic, { partition, before, limit }));
  }

  async #bytes([partition = '', offset = '', ...rest]: readonly string[]): Promise<Answer> {
    const at = { partition: wholeNumber(partition), offset: wholeNumber(offset) };
    const isPlace = rest.length === 0 && !Number.isNaN(at.partition) && !Number.isNaN(at.offset);
    const body = isPlace ? await deadLetterBytes(this.#log, this.#topic, at) : undefined;
    if (body === undefined)
      return failure(404, 'no-such-letter', 'There is no dead letter at that partition and offset.');
    // Whatever it holds, it is a file to be saved, and nothing to be shown.
    const name = `dead-letter-${at.partition}-${at.offset}.bin`;
    return { ...ok(body), headers: { 'content-disposition': `attachment; filename="${name}"` } };
  }
}

/** Where each partition's page begins; undefined where the text does not say so. */
function beforeIn(text: string | null, partition: number | undefined): ReadonlyMap<number, number> | undefined {
  if (text === null) return new Map();
  const places = partition === undefined ? text.split(',') : [`${partition}:${text}`];
  const before = new Map<number, number>();
  for (const place of places) {
    const [, of = '', offset = ''] = /^(\d{1,9}):(\d{1,15})$/.exec(place) ?? [];
    if (of === '') return undefined;
    before.set(Number(of), Number(offset));
  }
  return before;
}

/** Undefined where it is absent, NaN where it is no whole number. */
const numberIn = (query: URLSearchParams, name: string): number | undefined => {
  const text = query.get(name);
  return text === null ? undefined : wholeNumber(text);
};

const wholeNumber = (text: string): number => (/^\d{1,15}$/.test(text) ? Number(text) : NaN);
