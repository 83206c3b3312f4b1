import avro from 'avsc';

/** Whether what was written with one Avro schema can be read with another: BACKWARD compatibility, as Avro resolves it. */
export function canRead(reader: string, writer: string): boolean {
  try {
    typeOf(reader).createResolver(typeOf(writer));
    return true;
  } catch {
    return false;
  }
}

const typeOf = (schema: string): avro.Type => avro.Type.forSchema(JSON.parse(schema) as avro.Schema);
