import { describe, expect, it } from 'vitest';
import { ConfluentRegistry } from '../../../../src/streams/rows/confluent/confluent-registry.ts';
import { closedPort } from '../../../support/closed-port.ts';
import { type PlayedAnswer, playedRegistry } from '../../../support/rows/played-registry.ts';

const SUBJECT = 'rows-value';
const SCHEMA = '{"type":"record","name":"row","fields":[]}';

const noConfig = [404, { error_code: 40408, message: 'no config' }] as const;
const done = [200, { compatibility: 'BACKWARD' }] as const;
const level = (name: string) => [200, { compatibilityLevel: name }] as const;

/** Registers in a registry that answers these, one after the other; what it heard, and what came of it. */
async function register(...answers: readonly PlayedAnswer[]) {
  const left = [...answers];
  const { url, heard } = await playedRegistry(() => left.shift() ?? [500, 'nothing more is expected']);
  const outcome = await new ConfluentRegistry({ url }).register(SUBJECT, SCHEMA).catch((error: unknown) => error);
  expect(left).toEqual([]);
  return { outcome, url, heard: heard.map(({ line, body }) => [line, body]) };
}

const askForLevel = ['GET /api/config/rows-value', undefined];
const setLevel = ['PUT /api/config/rows-value', { compatibility: 'BACKWARD' }];
const sendSchema = ['POST /api/subjects/rows-value/versions', { schema: SCHEMA }];

describe('a subject', () => {
  it.each([
    ['without a level', noConfig],
    ['that nothing holds it to', level('NONE')],
  ])('%s is held to BACKWARD before the schema is sent', async (_, answer) => {
    const { outcome, heard } = await register(answer, done, [200, { id: 7 }]);
    expect(outcome).toBe(7);
    expect(heard).toEqual([askForLevel, setLevel, sendSchema]);
  });

  it('that can’t be held to it before it has a schema is right after', async () => {
    const { outcome, heard } = await register(noConfig, noConfig, [200, { id: 7 }], noConfig, done);
    expect(outcome).toBe(7);
    expect(heard).toEqual([askForLevel, setLevel, sendSchema, askForLevel, setLevel]);
  });

  it.each(['BACKWARD', 'BACKWARD_TRANSITIVE', 'FULL', 'FULL_TRANSITIVE'])(
    'that is held to %s stays so',
    async (name) => {
      const { outcome, heard } = await register(level(name), [200, { id: 7 }]);
      expect(outcome).toBe(7);
      expect(heard).toEqual([askForLevel, sendSchema]);
    },
  );

  it('that is held to something else is refused, as its owner wants something else', async () => {
    const { outcome, url, heard } = await register(level('FORWARD'));
    expect(outcome).toMatchObject({
      code: 'registry-refused',
      message: `the schema registry at ${url} holds the subject rows-value to FORWARD: set its compatibility to BACKWARD`,
    });
    expect(heard).toEqual([askForLevel]);
  });

  it('whose schemas before are not compatible is refused by its name, with what the registry says and what to do', async () => {
    const { outcome } = await register(level('BACKWARD'), [
      409,
      { error_code: 409, message: 'READER_FIELD_MISSING\n x' },
    ]);
    expect(outcome).toMatchObject({
      code: 'schema-incompatible',
      message:
        'the schema of rows-value is not compatible with the one before: READER_FIELD_MISSING x. ' +
        'Its readers would break: give what has changed a new name, or work in another namespace',
    });
  });

  it('is refused where the registry does not take the schema for one', async () => {
    const { outcome } = await register(level('FULL'), [422, { error_code: 42201, message: 'Invalid schema' }]);
    expect(outcome).toMatchObject({
      code: 'registry-refused',
      message: expect.stringContaining('does not take the schema of rows-value (422): Invalid schema') as string,
    });
  });
});

describe('the schema of an id', () => {
  const find = async (answer: PlayedAnswer, subjects: PlayedAnswer = [500, '']) => {
    const { url } = await playedRegistry(({ line }) => (line.endsWith('/subjects') ? subjects : answer));
    return new ConfluentRegistry({ url }).find(12).catch((error: unknown) => error);
  };

  it('is its text, where it is Avro’s', async () => {
    expect(await find([200, { schema: SCHEMA }])).toBe(SCHEMA);
    expect(await find([200, { schema: SCHEMA, schemaType: 'AVRO' }])).toBe(SCHEMA);
    expect(await find([200, { schema: 'message X {}', schemaType: 'PROTOBUF' }])).toBeUndefined();
  });

  it('is none where a registry does not know it; any other server’s 404 is no registry’s', async () => {
    const unknown = [404, { error_code: 40403, message: 'Schema not found' }] as const;
    expect(await find(unknown, [200, ['a-value']])).toBeUndefined();
    for (const subjects of [unknown, [200, '<html>'], [200, {}]] as const)
      expect(await find([404, '<html>Not found'], subjects)).toMatchObject({
        code: 'registry-refused',
        message: expect.stringMatching(
          /does not answer as a schema registry does: check SCHEMA_REGISTRY_URL$/,
        ) as string,
      });
  });
});

describe('a registry', () => {
  const asked = async (answer: PlayedAnswer) => {
    const { url } = await playedRegistry(() => answer);
    return new ConfluentRegistry({ url }).find(1).then(
      () => 'an answer',
      (error: unknown) => error,
    );
  };

  it.each<[string, PlayedAnswer, RegExp]>([
    ['fails', [500, { message: 'store failed' }], /does not answer: store failed$/],
    [
      'is behind a proxy that has lost it',
      [503, '<html>\n</html>'],
      /does not answer: it answers 503: <html> <\/html>$/,
    ],
    ['is asked too much', [429, ''], /does not answer: it answers 429$/],
    ['hangs up', (response) => void response.destroy(), /does not answer: socket hang up$/],
    ['says nothing', () => undefined, /does not answer: 3000 ms have passed$/],
    ['breaks its answer off', (response) => tear(response), /does not answer: 3000 ms have passed$/],
  ])('that %s may come back', async (_, answer, message) => {
    expect(await asked(answer)).toMatchObject({
      code: 'registry-unavailable',
      remedy: 'retry',
      message: expect.stringMatching(message) as string,
    });
  });

  it('to which nobody listens may come back', async () => {
    const url = `http://127.0.0.1:${await closedPort()}`;
    await expect(new ConfluentRegistry({ url }).register(SUBJECT, SCHEMA)).rejects.toMatchObject({
      code: 'registry-unavailable',
      message: expect.stringContaining('ECONNREFUSED') as string,
    });
  });

  it.each<[string, PlayedAnswer, RegExp]>([
    ['lets nobody in', [401, { message: 'Unauthorized' }], /Unauthorized; set SCHEMA_REGISTRY_USERNAME and SCHEMA_REG/],
    ['lets not everybody in', [403, ''], /it answers 403; set SCHEMA_REGISTRY_USERNAME and SCHEMA_REGISTRY_PASSWORD$/],
    ['does not understand', [400, { message: 'bad request' }], /answers 400: bad request$/],
    ['is a web site', [200, '<html>'], /does not answer as a schema registry does/],
    [
      'has moved',
      (response) => void response.writeHead(302, { location: '/' }).end(),
      /does not answer as a schema reg/,
    ],
  ])('that %s is a reason to stop', async (_, answer, message) => {
    expect(await asked(answer)).toMatchObject({
      code: 'registry-refused',
      remedy: 'halt',
      message: expect.stringMatching(message) as string,
    });
  });

  it('is told the name and the password that it wants, and nobody else is', async () => {
    const password = 'hunter2:é';
    const { url, heard } = await playedRegistry(() => [401, { message: 'no' }]);
    const registry = new ConfluentRegistry({ url, auth: { username: 'pulse', password } });
    const error = await registry.find(1).catch((failure: unknown) => failure as Error);
    const basic = Buffer.from(`pulse:${password}`).toString('base64');
    expect(heard[0]?.authorization).toBe(`Basic ${basic}`);
    const told = JSON.stringify([error, (error as Error).message, (error as Error).stack, (error as Error).cause]);
    for (const secret of [password, basic]) expect(told).not.toContain(secret);
  });
});

function tear(response: Parameters<Extract<PlayedAnswer, (...given: never[]) => void>>[0]): void {
  response.writeHead(200, { 'content-length': 100 });
  response.write('{');
  setTimeout(() => response.destroy(), 20);
}
