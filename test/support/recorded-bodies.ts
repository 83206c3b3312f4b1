import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { temporaryFolder } from './pulse.ts';

const BODIES = resolve('test/fixtures/markets');

/** A file with the elements of every recorded body of `/coins/markets`, one a line: over 5,000, of four years. */
export function recordedBodies(): string {
  const lines = readdirSync(BODIES).flatMap((name) => elementsOf(join(BODIES, name)));
  const file = join(temporaryFolder(), 'bodies.ndjson');
  writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
  return file;
}

/** The elements of a body, as lines; an error body has none, and a wrapped one is taken out of its wrapping. */
function elementsOf(file: string): readonly string[] {
  const body = JSON.parse(gunzipSync(readFileSync(file)).toString('utf8')) as unknown;
  const elements = Array.isArray(body) ? body : Object.values(body as object).find((member) => Array.isArray(member));
  return ((elements ?? []) as unknown[]).map((element) => JSON.stringify(element));
}
