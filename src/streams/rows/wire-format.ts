/*
 * Confluent's wire format: a 0, the schema's id as four bytes (big-endian), then the Avro. JSON never begins with a 0.
 * https://docs.confluent.io/platform/current/schema-registry/fundamentals/serdes-develop/index.html#wire-format
 */
const MAGIC = 0;

/** How many bytes come before the Avro. */
export const HEADER_BYTES = 5;

/** Whether a value is Avro, to be read by the schema of {@link schemaId}. */
export const isAvro = (value: Buffer | null): value is Buffer => value !== null && value[0] === MAGIC;

/**
 * The schema's id; undefined where there is no Avro behind it, or where it is 0, which no registry gives: that is what only
 * looks like Avro, such as zeros where a row was.
 */
export const schemaId = (value: Buffer): number | undefined =>
  value.length <= HEADER_BYTES ? undefined : value.readUInt32BE(1) || undefined;

/** Writes what comes before the Avro. */
export function writeHeader(into: Buffer, id: number): void {
  into[0] = MAGIC;
  into.writeUInt32BE(id, 1);
}
