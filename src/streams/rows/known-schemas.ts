import { PulseError } from '../../errors.ts';
import type { SchemaRegistry } from './schema-registry.ts';
import { WrittenSchema } from './written-schema.ts';

/** A registry that lags behind another one of its cluster may not know an id for a moment. */
const ASKED_AGAIN_AFTER_MS = 5_000;

/**
 * The schemas of ids, asked for once and kept. The registry is asked one thing at a time, and whoever waits while it does
 * not answer is told so at once: a crowd of tasks is no crowd of requests.
 */
export class KnownSchemas {
  readonly #registry: SchemaRegistry;
  readonly #now: () => number;
  readonly #known = new Map<number, WrittenSchema | PulseError>();
  /** Ids that the registry does not know, and when to ask again. */
  readonly #unknown = new Map<number, number>();
  #asking: Promise<void> | undefined;

  constructor(registry: SchemaRegistry, now: () => number) {
    this.#registry = registry;
    this.#now = now;
  }

  /** Resolves when the registry has said of all of them what they are. Rejects as {@link SchemaRegistry.find} does. */
  async learn(ids: Iterable<number>): Promise<void> {
    for (const id of ids) {
      while (!this.#isSettled(id)) await (this.#asking ??= this.#ask(id));
    }
  }

  /** The schema of an id that was learned; throws `bad-record` where it has none that can be read. */
  get(id: number): WrittenSchema {
    const found = this.#known.get(id);
    if (found === undefined) throw new PulseError('bad-record', `the registry knows no Avro schema ${id}`);
    if (found instanceof PulseError) throw found;
    return found;
  }

  /** Takes in the schema of an id. */
  add(id: number, schema: string): void {
    try {
      this.#known.set(id, new WrittenSchema(schema));
    } catch (error) {
      if (!(error instanceof PulseError)) throw error;
      this.#known.set(id, error);
    }
  }

  #isSettled(id: number): boolean {
    return this.#known.has(id) || (this.#unknown.get(id) ?? -Infinity) > this.#now();
  }

  async #ask(id: number): Promise<void> {
    try {
      const schema = await this.#registry.find(id);
      if (schema === undefined) this.#unknown.set(id, this.#now() + ASKED_AGAIN_AFTER_MS);
      else this.add(id, schema);
    } finally {
      this.#asking = undefined;
    }
  }
}
