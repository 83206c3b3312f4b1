import { accessSync, constants, existsSync, mkdirSync, statfsSync } from 'node:fs';
import { createServer } from 'node:net';
import process from 'node:process';
import { PulseError } from '../errors.ts';
import { topicSpecs } from '../streams/topics.ts';
import type { Context } from './context.ts';
import { logFolder, openToRead } from './namespace-log.ts';
import { accessOf, coingeckoAnswers } from './reachable.ts';
import { BUILT_PAGE, isPageBuilt } from './web.ts';

/** What a check found: fine; not fine, but a run works; or a reason why a run fails. With what to do. */
interface Finding {
  readonly verdict: 'ok' | 'note' | 'fault';
  readonly text: string;
}

const ok = (text: string): Finding => ({ verdict: 'ok', text });
const note = (text: string): Finding => ({ verdict: 'note', text });
const fault = (text: string): Finding => ({ verdict: 'fault', text });

const LITTLE_SPACE_BYTES = 500e6;
const marks = { ok: '✓', note: '!', fault: '✗' } as const;

/** `pulse doctor`: checks what a run needs, says what to do about the rest, and fails where a run would. */
export async function doctorCommand(context: Context): Promise<void> {
  const checks = [node, settings, dataFolder, log, page, port, coingecko];
  let faults = 0;
  for (const check of checks)
    for (const { verdict, text } of await check(context)) {
      if (verdict === 'fault') faults++;
      await context.out.result(`${marks[verdict]} ${text}`);
    }
  if (faults > 0) throw new PulseError('settings', `${faults} of these must be put right before a run`);
}

type Check = (context: Context) => Finding[] | Promise<Finding[]>;

const node: Check = () => [ok(`Node ${process.versions.node}`)];

const settings: Check = ({ config }) => [
  ok(
    `settings from ${config.settingsFile ?? 'the environment'}; namespace ${config.settings.namespace || '(default)'}`,
  ),
];

const dataFolder: Check = ({ config }) => {
  try {
    mkdirSync(config.dataDir, { recursive: true });
    accessSync(config.dataDir, constants.W_OK);
  } catch (error) {
    return [
      fault(
        `${config.dataDir} can't be written (${(error as Error).message}): set PULSE_DATA_DIR to a folder that can`,
      ),
    ];
  }
  const { bavail, bsize } = statfsSync(config.dataDir);
  const free = bavail * bsize;
  const text = `${config.dataDir} can be written; ${(free / 1e9).toFixed(1)} GB free`;
  return [free < LITTLE_SPACE_BYTES ? note(`${text}: that is little; free some`) : ok(text)];
};

const log: Check = async (context) => {
  if (!existsSync(logFolder(context))) return [ok('the embedded log is not there yet: the first run makes it')];
  const opened = await openToRead(context).catch((error: unknown) => error);
  if (opened instanceof Error) return [fault(opened.message)];
  const reader = opened as Awaited<ReturnType<typeof openToRead>>;
  try {
    const { namespace, partitions } = context.config.settings;
    const found = new Map((await reader.topics.list()).map((topic) => [topic.name, topic]));
    const findings = topicSpecs(namespace, partitions).flatMap(({ name }): Finding[] => {
      const there = found.get(name);
      if (there === undefined) return [note(`the topic ${name} is missing: the next run makes it`)];
      if (there.partitions === partitions) return [];
      return [
        fault(
          `${name} has ${there.partitions} partitions, the settings say ${partitions}: set PULSE_PARTITIONS=${there.partitions}`,
        ),
      ];
    });
    return findings.length > 0 ? findings : [ok(`the embedded log is readable; ${found.size} topics`)];
  } finally {
    await reader.close();
  }
};

const page: Check = () => [
  isPageBuilt() ? ok('the page is built') : fault(`the page is not built (${BUILT_PAGE}): run npm run prepare`),
];

const port: Check = ({ config }) => {
  const { host, port: wanted } = config.settings.web;
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) =>
      resolve([fault(`${host}:${wanted} can't be used (${error.message}): set PULSE_PORT`)]),
    );
    server.listen(wanted, host, () => server.close(() => resolve([ok(`${host}:${wanted} is free`)])));
  });
};

const coingecko: Check = async (context) => {
  const { baseUrl, callsPerMonth } = accessOf(context);
  const budget = Number.isFinite(callsPerMonth) ? `, up to ${callsPerMonth} calls a month` : '';
  return (await coingeckoAnswers(context))
    ? [ok(`${baseUrl} answers${budget}`)]
    : [
        note(
          `${baseUrl} can't be reached: a start plays the recorded market, or serves what there is; check the network`,
        ),
      ];
};
