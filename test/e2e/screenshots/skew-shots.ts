import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LabFolder } from '../../../src/web/server/skew/lab-folder.ts';
import { sampleLab } from '../../support/web/sample-lab.ts';
import type { WebHarness } from '../../support/web/web-harness.ts';
import { desktop, phone, wall } from '../support/browser.ts';
import type { Shot } from './shot.ts';

const every = [phone, desktop, wall];
const lab = sampleLab();
const holding = (content: object | string) => (harness: WebHarness) => {
  const folder = harness.folder();
  writeFileSync(join(folder, '2026-01-02.json'), typeof content === 'string' ? content : JSON.stringify(content));
  return { skewLab: new LabFolder(folder) };
};
const many = {
  ...lab,
  strategies: lab.strategies.map((strategy) => ({
    ...strategy,
    tasks: Array.from({ length: 256 }, (_, task) => ({ ...strategy.tasks[task % 8]!, task })),
  })),
};

/** The lab's page in every state. */
export const skewShots: readonly Shot[] = [
  { name: 'skew', at: '/skew', sizes: every, isWhole: true, server: holding(lab) },
  {
    name: 'skew-pointed',
    at: '/skew',
    sizes: [desktop],
    isWhole: true,
    server: holding(lab),
    act: async (page) => {
      const map = page.getByRole('slider', { name: /naive: tasks by time/ });
      for (let i = 0; i < 12; i++) await map.press('ArrowRight');
      for (let i = 0; i < 2; i++) await map.press('ArrowDown');
      for (let i = 0; i < 40; i++) await page.getByRole('slider', { name: /Wait/ }).press('ArrowRight');
    },
  },
  { name: 'skew-many', at: '/skew', sizes: [desktop], isWhole: true, server: holding(many) },
  { name: 'skew-empty', at: '/skew', sizes: [phone, desktop], server: () => ({ skewLab: new LabFolder('/nowhere') }) },
  { name: 'skew-broken', at: '/skew', sizes: [desktop], server: holding('{') },
  {
    name: 'skew-loading',
    at: '/skew',
    sizes: [desktop],
    prepare: (page) => page.route('**/api/skew-lab', () => undefined),
  },
];
