import { PulseError } from '../../../src/errors.ts';
import { canRead } from '../../../src/streams/rows/can-read.ts';
import type { SchemaRegistry, SchemaStanding } from '../../../src/streams/rows/schema-registry.ts';

/**
 * A schema registry in memory, as strict as a real one: a schema has one id for ever, and a subject takes only what can
 * read the version before (BACKWARD).
 */
export class MemoryRegistry implements SchemaRegistry {
  /** What has been asked, in order. */
  readonly asked: string[] = [];
  /** While it says something, nobody gets an answer. */
  outage: string | undefined;
  readonly first: number;
  readonly #schemas: string[] = [];
  readonly #latest = new Map<string, string>();

  /** `first`: the id that it gives to the first schema. */
  constructor(first = 1) {
    this.first = first;
  }

  async register(subject: string, schema: string): Promise<number> {
    this.#ask(`register ${subject}`);
    const latest = this.#latest.get(subject);
    if (latest !== undefined && latest !== schema) this.#refuseIncompatible(subject, schema, latest);
    this.#latest.set(subject, schema);
    return this.add(schema);
  }

  async find(id: number): Promise<string | undefined> {
    await Promise.resolve();
    this.#ask(`find ${id}`);
    return this.#schemas[id - this.first];
  }

  async standing(subject: string, schema: string): Promise<SchemaStanding> {
    await Promise.resolve();
    this.#ask(`standing ${subject}`);
    const latest = this.#latest.get(subject);
    if (latest === undefined) return 'absent';
    if (latest === schema) return 'held';
    return canRead(schema, latest) ? 'compatible' : 'incompatible';
  }

  /** The id of a schema under whatever subject. */
  add(schema: string): number {
    if (!this.#schemas.includes(schema)) this.#schemas.push(schema);
    return this.first + this.#schemas.indexOf(schema);
  }

  /** The latest schema of a subject. */
  latest(subject: string): unknown {
    return JSON.parse(this.#latest.get(subject) ?? 'null');
  }

  #ask(what: string): void {
    this.asked.push(what);
    if (this.outage !== undefined) throw new PulseError('registry-unavailable', this.outage);
  }

  #refuseIncompatible(subject: string, schema: string, latest: string): void {
    if (canRead(schema, latest)) return;
    throw new PulseError('schema-incompatible', `the schema of ${subject} is not compatible`);
  }
}
