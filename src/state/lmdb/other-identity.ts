/** Of what an environment is: its log, its namespace, its tables' format and columns, and the topic that it is read from. */
interface Identity {
  readonly log: string;
  readonly namespace: string;
  readonly format: number;
  readonly changelog?: string;
  readonly columns?: string;
}

/**
 * In what a stored identity differs from the wanted one, the first that matters: ends the sentence "the state in … is …".
 */
export function otherIdentity(found: string, wanted: Identity): string {
  const { log, namespace, format, changelog, columns } = parsed(found);
  if (format !== wanted.format) return `of format ${format ?? 'unknown'}, this program has ${wanted.format}`;
  if (log !== wanted.log) return 'of another log';
  if (namespace === wanted.namespace && columns !== wanted.columns) return 'of other columns';
  if (namespace === wanted.namespace && changelog !== wanted.changelog)
    return 'of a changelog that was removed and made anew';
  return `of another namespace, ${JSON.stringify(namespace)}`;
}

/** The parts of an identity as it is stored; none of what is not one. */
function parsed(text: string): Partial<Identity> {
  try {
    return JSON.parse(text) as Partial<Identity>;
  } catch {
    return {};
  }
}
