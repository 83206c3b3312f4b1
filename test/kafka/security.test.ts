import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pulse, temporaryFolder } from '../support/pulse.ts';
import { addScramUser } from './support/python-client.ts';
import { portsInARow } from './support/ports-in-a-row.ts';
import { type RunScript, startWithScript } from './support/infra-script.ts';

const PASSWORD = 'correct-horse-battery';
/** Of another user than PLAIN's, whose secret the broker itself has never seen. */
const SCRAM = { KAFKA_USERNAME: 'scram', KAFKA_PASSWORD: 'horse-of-salt' };
const SCRAM_LOGIN = 'org.apache.kafka.common.security.scram.ScramLoginModule required;';
const folder = mkdtempSync(join(tmpdir(), 'pulse-security-'));
const keystore = join(folder, 'broker.p12');
const certificate = join(folder, 'broker.pem');

let port: number;
let run: RunScript;
beforeAll(async () => {
  await makeCertificate();
  port = await portsInARow(3);
  run = await startWithScript('kafka', ['--port', String(port), ...brokerSettings(port)]);
  await addScramUser([`127.0.0.1:${port}`], SCRAM.KAFKA_USERNAME, SCRAM.KAFKA_PASSWORD);
});
afterAll(async () => {
  await run('wipe');
  rmSync(folder, { recursive: true });
});

/** A certificate of its own for 127.0.0.1, as the broker takes it and as a client trusts it. */
async function makeCertificate(): Promise<void> {
  const keytool = (...args: readonly string[]) =>
    promisify(execFile)('keytool', [...args, '-keystore', keystore, '-storepass', 'changeit', '-alias', 'broker']);
  await keytool('-genkeypair', '-keyalg', 'RSA', '-dname', 'CN=broker', '-ext', 'SAN=IP:127.0.0.1', '-validity', '30');
  await keytool('-exportcert', '-rfc', '-file', certificate);
}

function brokerSettings(first: number): readonly string[] {
  const login = `org.apache.kafka.common.security.plain.PlainLoginModule required user_pulse="${PASSWORD}";`;
  const settings = [
    `listeners=PLAINTEXT://127.0.0.1:${first},CONTROLLER://127.0.0.1:${first + 1},SASL_SSL://127.0.0.1:${first + 2}`,
    'listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL_SSL:SASL_SSL',
    'sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    `listener.name.sasl_ssl.plain.sasl.jaas.config=${login}`,
    ...['256', '512'].map((bits) => `listener.name.sasl_ssl.scram-sha-${bits}.sasl.jaas.config=${SCRAM_LOGIN}`),
    `ssl.keystore.location=${keystore}`,
    'ssl.keystore.password=changeit',
    'ssl.key.password=changeit',
  ];
  return settings.flatMap((setting) => ['--config', setting]);
}

const secured = (rest: Readonly<Record<string, string>> = {}): Record<string, string> => ({
  KAFKA_BROKERS: `127.0.0.1:${port + 2}`,
  PULSE_NAMESPACE: 'secured',
  PULSE_DATA_DIR: temporaryFolder(),
  PULSE_KAFKA_TLS: 'true',
  PULSE_KAFKA_SASL: 'plain',
  KAFKA_USERNAME: 'pulse',
  KAFKA_PASSWORD: PASSWORD,
  NODE_EXTRA_CA_CERTS: certificate,
  ...rest,
});

describe('a cluster that asks for TLS and a password', () => {
  it.each([
    ['plain', {}],
    ['scram-sha-256', SCRAM],
    ['scram-sha-512', SCRAM],
  ])('is worked on by who has them: %s', async (mechanism, user) => {
    const env = secured({ PULSE_KAFKA_SASL: mechanism, PULSE_NAMESPACE: mechanism, ...user });
    const ingest = ['ingest', '--source', 'simulated', '--count', '500', '--coins', '5'];
    expect(await pulse(ingest, env)).toMatchObject({ code: 0 });
    const { code, stderr } = await pulse(['process', '--until-caught-up'], env);
    expect(stderr).toContain('500 records in = 500 ticks');
    expect(code).toBe(0);
  });

  it.each([
    ['the wrong password', { KAFKA_PASSWORD: 'wrong-horse' }, /SASL|KAFKA_PASSWORD/],
    [
      'the wrong password of a SCRAM user',
      { ...SCRAM, PULSE_KAFKA_SASL: 'scram-sha-512', KAFKA_PASSWORD: 'wrong-horse' },
      /SASL|KAFKA_PASSWORD/,
    ],
    ['a certificate that nobody vouches for', { NODE_EXTRA_CA_CERTS: '' }, /certificate/],
    ['no password', { KAFKA_PASSWORD: '' }, /set KAFKA_USERNAME and KAFKA_PASSWORD/],
  ])('refuses, in one line without the secret: %s', async (_, rest, reason) => {
    const { code, stderr, stdout } = await pulse(['topics', 'create'], secured(rest));
    expect(stderr).toMatch(reason);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stdout + stderr).not.toMatch(/horse/);
    expect(code).toBe(1);
  });
});
