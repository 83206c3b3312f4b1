import process from 'node:process';
import { PulseError } from '../errors.ts';
import type { Context } from './context.ts';
import { checkDataFolder } from './doctor/data-folder.ts';
import { checkLake } from './doctor/lake.ts';
import { checkLog } from './doctor/log.ts';
import { checkPort } from './doctor/port.ts';
import { checkRegistry } from './doctor/registry.ts';
import { fault, type Finding, note, ok } from './doctor/finding.ts';
import { accessOf, reachCoingecko } from './reachable.ts';
import { BUILT_PAGE, isPageBuilt } from './web.ts';

const marks = { ok: '✓', note: '!', fault: '✗' } as const;

/** `pulse doctor`: checks what a run needs, says what to do about the rest, and fails where a run would. */
export async function doctorCommand(context: Context): Promise<void> {
  const checks = [node, settings, checkDataFolder, checkLog, checkLake, checkRegistry, page, checkPort, coingecko];
  let faults = 0;
  for (const check of checks)
    for (const { verdict, text } of await findings(check, context)) {
      if (verdict === 'fault') faults++;
      await context.out.result(`${marks[verdict]} ${text}`);
    }
  if (faults > 0)
    throw new PulseError('settings', `put ${faults === 1 ? 'what is' : `the ${faults} that are`} marked ✗ right first`);
}

type Check = (context: Context) => readonly Finding[] | Promise<readonly Finding[]>;

/** What a part of the program refuses to work with is a fault like any other. */
async function findings(check: Check, context: Context): Promise<readonly Finding[]> {
  try {
    return await check(context);
  } catch (error) {
    if (error instanceof PulseError) return [fault(error.message)];
    throw error;
  }
}

const node: Check = () => [ok(`Node ${process.versions.node}`)];

const settings: Check = ({ config }) => [
  ok(
    `settings from ${config.settingsFile ?? 'the environment'}; namespace ${config.settings.namespace || '(default)'}`,
  ),
];

const page: Check = () => [
  isPageBuilt() ? ok('the page is built') : fault(`the page is not built (${BUILT_PAGE}): run npm run prepare`),
];

const coingecko: Check = async (context) => {
  const { baseUrl, callsPerMonth } = accessOf(context);
  const reach = await reachCoingecko(context);
  switch (reach.kind) {
    case 'answers':
      return [
        ok(`${baseUrl} answers${Number.isFinite(callsPerMonth) ? `, up to ${callsPerMonth} calls a month` : ''}`),
      ];
    case 'refuses':
      return [fault(reach.why)];
    case 'unreachable':
      return [
        note(`${sentence(reach.why)} A start serves what the namespace holds, or plays the recorded market of 2023.`),
      ];
  }
};

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);
