import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadConfig, type SettingOverride } from '../../src/config.ts';
import { settingVariables } from '../../src/config/environment.ts';
import { PulseError } from '../../src/errors.ts';
import { expectFailure } from '../support/expect-failure.ts';
import { pulse, temporaryFolder } from '../support/pulse.ts';

const SHIPPED = resolve('conf/settings.yaml');

function fileWith(text: string): string {
  const file = join(temporaryFolder(), 'settings.yaml');
  writeFileSync(file, text);
  return file;
}

/** The code and the message of what loading them throws. */
function refusal(
  text: string,
  environment: Readonly<Record<string, string>> = {},
  overrides: readonly SettingOverride[] = [],
): string {
  const file = fileWith(text);
  try {
    loadConfig({ file, environment, overrides });
  } catch (error) {
    if (error instanceof PulseError) return `${error.code}: ${error.message.replaceAll(file, 'FILE')}`;
    throw error;
  }
  return 'none';
}

describe('settings', () => {
  it('are the shipped file’s, which names every setting with its default and its variable', () => {
    const shipped = loadConfig({ file: SHIPPED, environment: {} });
    expect(parse(readFileSync(SHIPPED, 'utf8'))).toEqual(shipped.settings);
    expect(loadConfig({ file: fileWith(''), environment: {} }).settings).toEqual(shipped.settings);
    for (const { name } of settingVariables) expect(readFileSync(SHIPPED, 'utf8')).toContain(name);
  });

  it('are overridden by the environment, and both by the command line', () => {
    const file = fileWith('web:\n  port: 1\ncoins:\n  ids: [bitcoin]\n');
    const environment = { PULSE_PORT: '2', PULSE_COINS: 'ethereum, solana,', PULSE_NAMESPACE: '' };
    const told = loadConfig({ file, environment });
    expect(told.settings).toMatchObject({ web: { port: 2 }, coins: { ids: ['ethereum', 'solana'] }, namespace: '' });
    const overrides = [{ option: '--port', path: 'web.port', value: 3 }];
    expect(loadConfig({ file, environment, overrides }).settings.web.port).toBe(3);
  });

  it('that are not known or not valid are refused by the name they were given under', () => {
    expect(refusal('portz: 1')).toBe('settings: FILE has portz, which is no setting; conf/settings.yaml has them all');
    expect(refusal('web:\n  hots: x')).toMatch(/^settings: FILE has web.hots, which is no setting/);
    expect(refusal('web:\n  port: many')).toBe(`settings: web.port in FILE can't be "many": expected number`);
    expect(refusal('partitions: 0')).toMatch(/^settings: partitions in FILE can't be 0: expected number to be >=1$/);
    expect(refusal('coins: 5')).toBe("settings: coins in FILE can't be 5: expected object");
    expect(refusal('', { PULSE_PORT: 'x' })).toBe(`settings: PULSE_PORT can't be "x": expected number`);
    expect(refusal('', { PULSE_PORT: '65536' })).toMatch(/^settings: PULSE_PORT can't be 65536: .*<=65535$/);
    expect(refusal('', { PULSE_COINGECKO_PLAN: 'best' })).toMatch(/^settings: PULSE_COINGECKO_PLAN can't be "best": /);
    expect(refusal('', { PULSE_COINGECKO_URL: 'here' })).toMatch(/can't be "here": a URL such as https/);
    expect(refusal('', { PULSE_ALLOWED_ORIGINS: 'http://a.b, c' })).toMatch(/^settings: PULSE_ALLOWED_ORIGINS can't/);
    const overrides = [{ option: '--namespace', path: 'namespace', value: 'A' }];
    expect(refusal('', {}, overrides)).toMatch(/^usage: --namespace can't be "A": lower-case letters/);
    expect(refusal('web: 5', { PULSE_PORT: '1' })).toMatch(/^settings: web in FILE can't be 5/);
    const several = refusal('web:\n  port: many', { PULSE_TOP: '0' });
    expect(several).toContain('web.port in FILE');
    expect(several).toContain('; PULSE_TOP can');
  });

  it('files that are no settings are refused', () => {
    expect(refusal('web: {port: 3')).toMatch(
      /^settings: the settings file FILE is not YAML: Flow map .* at line 1, column 14$/,
    );
    expect(refusal('- 1\n')).toBe('settings: the settings file FILE does not hold keys and values');
    expect(refusal('a: 1\na: 2\n')).toMatch(/is not YAML: Map keys must be unique at line 2, column 1$/);
    const folder = temporaryFolder();
    const missing = join(folder, 'none.yaml');
    expect(() => loadConfig({ file: missing, environment: {} })).toThrow(`${missing} can't be read: no such file`);
    expect(() => loadConfig({ file: folder, environment: {} })).toThrow(`${folder} can't be read: illegal operation`);
  });

  it('variables that are misspelt are refused; PulseAudio’s, which share the prefix, are not ours', () => {
    expect(refusal('', { PULSE_PROT: '1', PULSE_X: '' })).toMatch(
      /^settings: there is no setting PULSE_PROT, PULSE_X;/,
    );
    expect(refusal('', { PULSE_SERVER: 'unix:/mnt/wslg/PulseServer', PULSE_LATENCY_MSEC: '60' })).toBe('none');
  });

  it('never take a secret from the file, and are frozen', () => {
    const environment = { COINGECKO_API_KEY: 'sec', KAFKA_USERNAME: 'ret', KAFKA_PASSWORD: 'ive' };
    const config = loadConfig({ file: SHIPPED, environment });
    expect(config.secrets).toEqual({ coingeckoApiKey: 'sec', kafkaUsername: 'ret', kafkaPassword: 'ive' });
    expect(JSON.stringify(config.settings)).not.toMatch(/"(sec|ret|ive)"/);
    expect(Object.isFrozen(config.settings.coins.ids)).toBe(true);
  });
});

describe('a command with bad settings', () => {
  it('ends with 1 and one line, and with where it came from on --verbose', async () => {
    const env = { PULSE_DATA_DIR: temporaryFolder() };
    expectFailure(await pulse(['topics', 'list'], { ...env, PULSE_PORT: 'x' }), 1, /PULSE_PORT can't be "x"/);
    expectFailure(await pulse(['doctor'], { ...env, PULSE_PROT: '1' }), 1, /there is no setting PULSE_PROT/);
    const settings = ['--settings', fileWith('web: [1')];
    expectFailure(await pulse([...settings, 'process'], env), 1, /is not YAML/);
    const verbose = await pulse([...settings, '--verbose', 'process'], env);
    expect(verbose.code).toBe(1);
    expect(verbose.stderr).toMatch(/^pulse: the settings file .*\nPulseError: (.|\n)*\n {4}at (.|\n)*caused by: /);
  });
});
