import { parse } from 'yaml';
import { z } from 'zod';
import { fixture } from './fixtures.ts';
import type { Reply } from './played-server.ts';

const cassette = z.object({
  http_interactions: z.array(
    z.object({
      request: z.object({ uri: z.string() }),
      response: z.object({
        status: z.object({ code: z.number() }),
        headers: z.record(z.string(), z.array(z.string())),
        body: z.object({ string: z.string() }),
      }),
    }),
  ),
});

/** What concerns the recording's connection, not the answer. */
const ofConnection = new Set(['transfer-encoding', 'connection', 'content-encoding', 'content-length']);

/** A recorded request and the answer to it, to be played. */
export interface Interaction {
  readonly uri: string;
  readonly body: string;
  readonly reply: Reply;
}

/** The interactions of a VCR cassette, with the status, headers and bytes of each answer. */
export function interactions(name: string): readonly Interaction[] {
  const { http_interactions: found } = cassette.parse(parse(fixture(`cassettes/${name}`).toString('utf8')));
  return found.map(({ request: { uri }, response: { status, headers, body } }) => {
    const kept = Object.entries(headers).filter(([header]) => !ofConnection.has(header.toLowerCase()));
    const flat = Object.fromEntries(kept.map(([header, values]) => [header, values.join(', ')]));
    return { uri, body: body.string, reply: { kind: 'answer', status: status.code, headers: flat, body: body.string } };
  });
}
