import { coingeckoError } from '../coingecko/error-body.ts';
import { JsonText } from '../../json/json-text.ts';
import { ValueSkipper } from '../../json/value-skipper.ts';

/** How the quotes lie in a recording; `start` is where the first line or the array begins. */
export type RecordingFormat =
  | { readonly kind: 'lines'; readonly start: number }
  | { readonly kind: 'array'; readonly start: number }
  /** The array is a member of an object, as in `{"data": […]}`. */
  | { readonly kind: 'wrapped-array'; readonly start: number }
  /** No quotes to be had from it; `why` ends the sentence "The file …". */
  | { readonly kind: 'unusable'; readonly why: string };

const OPEN_ARRAY = 0x5b;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const COMMA = 0x2c;
const LINE_FEED = 0x0a;

/** First bytes of what people take for text or gzip. */
const otherFormats: readonly (readonly [signature: string, name: string])[] = [
  ['504b0304', 'a zip archive'],
  ['28b52ffd', 'compressed with zstd'],
  ['425a68', 'compressed with bzip2'],
  ['fd377a585a00', 'compressed with xz'],
  ['50415231', 'a Parquet file'],
  ['fffe', 'UTF-16 text'],
  ['feff', 'UTF-16 text'],
];

/**
 * Tells the format from the first bytes of a recording. Lines are the rule; an array where the first byte that is no
 * space is a bracket, or where the file is one object that has no `id` but a member that is an array of objects.
 *
 * `isWhole` says whether `head` is all there is.
 */
export function recordingFormat(head: Buffer, isWhole: boolean): RecordingFormat {
  const hex = head.subarray(0, 8).toString('hex');
  const other = otherFormats.find(([signature]) => hex.startsWith(signature));
  if (other !== undefined) return { kind: 'unusable', why: `is ${other[1]}: unpack or convert it to UTF-8 NDJSON.` };
  const text = new JsonText();
  text.load(head, 0, head.length);
  const begin = hex.startsWith('efbbbf') ? 3 : 0;
  const first = text.skipSpace(begin);
  if (text.bytes[first] === OPEN_ARRAY) return { kind: 'array', start: first };
  if (text.bytes[first] === OPEN_OBJECT) {
    const found = objectFormat(text, first, isWhole);
    if (found !== undefined) return found;
  }
  return { kind: 'lines', start: begin };
}

/** Undefined where the object is the first of many lines, or is malformed. */
function objectFormat(text: JsonText, from: number, isWhole: boolean): RecordingFormat | undefined {
  const values = new ValueSkipper(text);
  let array: number | undefined;
  let at = from;
  do {
    const key = text.skipSpace(at + 1);
    const value = values.skipKey(key);
    if (value < 0) return undefined;
    if (text.stringValue(key, text.skipString(key)) === 'id') return closedObject(text, values, from, isWhole);
    if (isArrayOfObjects(text, value)) array ??= value;
    const end = values.skip(value);
    // A head that ends within the object has shown enough of it.
    if (end < 0) return array !== undefined && ~end === text.end && !isWhole ? wrapped(array) : undefined;
    at = text.skipSpace(end);
  } while (text.bytes[at] === COMMA);
  if (text.bytes[at] !== CLOSE_OBJECT) return undefined;
  const isAlone = text.skipSpace(at + 1) === text.end;
  return array !== undefined && isAlone ? wrapped(array) : closedObject(text, values, from, isWhole);
}

const wrapped = (start: number): RecordingFormat => ({ kind: 'wrapped-array', start });

const isArrayOfObjects = (text: JsonText, from: number): boolean =>
  text.bytes[from] === OPEN_ARRAY && text.bytes[text.skipSpace(from + 1)] === OPEN_OBJECT;

/** What is wrong with a file that begins with this object, if anything is. */
function closedObject(
  text: JsonText,
  values: ValueSkipper,
  from: number,
  isWhole: boolean,
): RecordingFormat | undefined {
  const end = values.skip(from);
  if (end < 0) return undefined;
  const object = text.bytes.subarray(from, end);
  if (isWhole && text.skipSpace(end) === text.end) {
    const error = coingeckoError(JSON.parse(object.toString('utf8')));
    if (error !== undefined) {
      const code = error.code === undefined ? '' : ` ${error.code}`;
      return { kind: 'unusable', why: `holds no quotes but CoinGecko's error${code}: ${error.message}` };
    }
  }
  if (object.indexOf(LINE_FEED) < 0) return undefined;
  return { kind: 'unusable', why: 'spreads an object over many lines: write one quote a line (jq -c), or an array.' };
}
