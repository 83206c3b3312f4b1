import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Registry, startRegistry } from './support/registry.ts';

let registry: Registry;
beforeAll(async () => {
  registry = await startRegistry();
});
afterAll(() => registry.stop());

const schema = (fields: readonly object[]): string => JSON.stringify({ type: 'record', name: 'row', fields });

const post = async (path: string, body: object): Promise<Response> =>
  fetch(`${registry.url}${path}`, {
    method: path.startsWith('/config') ? 'PUT' : 'POST',
    headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
    body: JSON.stringify(body),
  });

it('the registry for development takes what is compatible backwards, and refuses the rest', async () => {
  const price = { name: 'price', type: 'double' };
  const versions = '/subjects/rows-value/versions';
  expect((await post(versions, { schema: schema([price]) })).status).toBe(200);
  expect((await post('/config/rows-value', { compatibility: 'BACKWARD' })).status).toBe(200);
  const optional = { name: 'ema_12', type: ['null', 'double'], default: null };
  expect((await post(versions, { schema: schema([price, optional]) })).status).toBe(200);
  expect((await post(versions, { schema: schema([{ name: 'cost', type: 'double' }]) })).status).toBe(409);
});
