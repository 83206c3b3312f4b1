import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { launchChromium } from '../../support/launch-chromium.ts';
import { median } from '../figures.ts';
import { type ColdStart, coldStart } from './cold-start.ts';
import { commitToPaint } from './commit-to-paint.ts';
import type { CommitToPaint } from './commit-times.ts';
import { percentiles } from './percentiles.ts';
import { type Stretch, type UnderLoad, underLoad } from './under-load.ts';

/*
 * The page in a real Chromium on the embedded log: how soon it shows a cold start and a commit (`pulse start` on a simulated
 * market), and whether it stays fluent and its memory flat under a load that another process writes (`pulse web`).
 */

const { values: options } = parseArgs({
  options: {
    coins: { type: 'string', default: '1000' },
    'per-second': { type: 'string', default: '10' },
    minutes: { type: 'string', default: '10' },
    'paint-seconds': { type: 'string', default: '60' },
    runs: { type: 'string', default: '3' },
    /** `cold`, `paint` or `load` alone, or several by commas. */
    only: { type: 'string', default: 'cold,paint,load' },
    json: { type: 'string' },
    profile: { type: 'string' },
  },
});
const only = options.only.split(',');
const runs = Number(options.runs);
const coins = Number(options.coins);
const perSecond = Number(options['per-second']);
const minutes = Number(options.minutes);
const row = (what: string, figures: string): void => console.log(`${what.padEnd(58)} ${figures}`);
const ms = (value: number): string => `${value.toFixed(0)} ms`;
const busy = (): string => `the machine's load average is ${(loadavg()[0] ?? NaN).toFixed(2)}`;

const found: { load: number; cold?: ColdStart[]; paint?: CommitToPaint[]; underLoad?: UnderLoad } = {
  load: loadavg()[0] ?? NaN,
};
console.log(`Chromium without a screen, 1280 by 800; ${busy()} before it begins`);
const browser = await launchChromium();
try {
  if (only.includes('cold')) reportCold((found.cold = await repeated(() => coldStart(browser))));
  if (only.includes('paint'))
    reportPaint((found.paint = await repeated(() => commitToPaint(browser, Number(options['paint-seconds'])))));
  if (only.includes('load'))
    reportLoad((found.underLoad = await underLoad(browser, { coins, perSecond, minutes, profile: options.profile })));
} finally {
  await browser.close();
}
if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(found, undefined, 2)}\n`);

async function repeated<Result>(measure: () => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  while (results.length < runs) results.push(await measure());
  return results;
}

function reportCold(starts: readonly ColdStart[]): void {
  const of = (figure: keyof ColdStart): number => median(starts.map((start) => start[figure]));
  console.log(`a cold start, the median of ${runs}`);
  row('  spawn to the address of the page', ms(of('serving')));
  row('  spawn to the first chart on the screen', ms(of('chart')));
  row(
    '  first, largest contentful paint from the navigation',
    `${ms(of('firstContentfulPaint'))}, ${ms(of('largestContentfulPaint'))}`,
  );
  row('  cumulative layout shift', of('layoutShift').toFixed(4));
}

function reportPaint(results: readonly CommitToPaint[]): void {
  console.log(`commit to paint: 250 coins, a quote of each a second; ${busy()}`);
  results.forEach((result, i) => row(`  run ${i + 1}`, delaysText(result)));
  const of = results.map(({ delays }) => percentiles(delays));
  const middle = (name: 'p50' | 'p95' | 'p99'): string => ms(median(of.map((figures) => figures[name])));
  row(
    '  the median run: p50, p95, p99 (goal: p95 under 100 ms)',
    `${middle('p50')}, ${middle('p95')}, ${middle('p99')}`,
  );
}

function delaysText({ delays, unclear }: CommitToPaint): string {
  const { p50, p95, p99 } = percentiles(delays);
  return `p50 ${ms(p50)}  p95 ${ms(p95)}  p99 ${ms(p99)}  of ${delays.length} prices painted, ${unclear} more unclear`;
}

function reportLoad({ stretches, heap, commitToPaint: painted, layoutShift }: UnderLoad): void {
  const of = (figure: keyof Stretch): number => median(stretches.map((stretch) => stretch[figure]));
  const sum = (figure: keyof Stretch): number => stretches.reduce((total, stretch) => total + stretch[figure], 0);
  const each = stretches.map(({ framesPerSecond }) => framesPerSecond.toFixed(1)).join(' ');
  console.log(
    `${coins} coins, ${of('updatesPerSecond').toFixed(1)} updates of each a second, ${minutes} minutes; ${busy()}`,
  );
  row('  frames a second, the median of ten stretches (goal: 54)', `${of('framesPerSecond').toFixed(1)}   (${each})`);
  row(
    '  longest frame; tasks of 50 ms and more',
    `${ms(Math.max(...stretches.map((one) => one.longestFrameMs)))}; ${sum('longTasks')}`,
  );
  row('  commit to paint in the last stretch', delaysText(painted));
  row("  the page's heap: start, middle, end", heap.map((megabytes) => `${megabytes.toFixed(1)} MB`).join(', '));
  const share = (figure: keyof Stretch): string => `${(of(figure) * 100).toFixed(0)} %`;
  row(
    "  the page's main thread at work; in scripts, in layout",
    `${share('pageBusy')}; ${share('pageScript')}, ${share('pageLayout')}`,
  );
  row('  the server: processor, own memory', `${share('serverCpu')}, ${of('serverMemory').toFixed(0)} MB`);
  row('  the load: processor', share('loadCpu'));
  row('  cumulative layout shift', layoutShift.toFixed(4));
}
