import { createHash } from 'node:crypto';

/** What file systems take as one name. */
const LONGEST_NAME = 255;

/**
 * The folder of a partition, by the convention of Hive that the protocol recommends ("Data Files"): `column=value`, with
 * every byte of the value percent-encoded that is not a plain letter, digit, `-`, `_` or `.`. A name that would be too
 * long for a file system is cut, and told apart by a hash: what counts is the value in the log, not the folder.
 */
export function partitionFolder(column: string, value: string): string {
  const name = `${column}=${value.replace(/[^A-Za-z0-9_.-]+/g, percentEncoded)}`;
  if (name.length <= LONGEST_NAME) return name;
  const hash = createHash('sha256').update(value).digest('hex').slice(0, 32);
  return `${name.slice(0, LONGEST_NAME - 40).replace(/%.?$/, '')}~${hash}`;
}

const percentEncoded = (text: string): string =>
  [...Buffer.from(text, 'utf8')].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');

/** A file's path in the table as the log writes it: URL-encoded, on top of what the folder's name encodes already. */
export const logPath = (path: string): string => path.split('/').map(encodeURIComponent).join('/').replace(/%3D/g, '=');

/** The path in the table that the log means. */
export const diskPath = (path: string): string => path.split('/').map(decodeURIComponent).join('/');
