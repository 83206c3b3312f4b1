/** How a subject stands to a schema: `held` is its latest or an earlier version of it, `absent` has none yet. */
export type SchemaStanding = 'absent' | 'held' | 'compatible' | 'incompatible';

/** Where schemas are kept, each under an id for ever. One registry serves the writers and the readers of a log. */
export interface SchemaRegistry {
  /**
   * The id of the schema under the subject, which takes it as a new version where it does not hold it; from then on the
   * subject takes only what is compatible backwards. Rejects with `schema-incompatible`, naming the subject and what is
   * wrong; with `registry-unavailable` where nobody answers, and `registry-refused` where somebody does not want to.
   */
  register(subject: string, schema: string): Promise<number>;
  /** The text of the Avro schema of an id; undefined where there is none. Rejects as {@link register} does. */
  find(id: number): Promise<string | undefined>;
  /** What would become of the schema if it were registered; changes nothing. Rejects as {@link register} does. */
  standing(subject: string, schema: string): Promise<SchemaStanding>;
}
