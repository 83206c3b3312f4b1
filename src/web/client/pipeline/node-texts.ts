import type { Lake, Status } from '../../contract.ts';
import type { Pipeline } from '../../pipeline-contract.ts';
import type { Explanation } from '../explain/explanation.ts';
import { formatBytes } from '../format/bytes.ts';
import { formatCounted, formatExact } from '../format/count.ts';
import { formatShare, type StageSummary } from './task-figures.ts';

const stageTexts: Readonly<Record<string, string>> = {
  combine:
    'Stage 1: joins the ticks of one coin and hour of a commit into one partial, and puts aside what can’t be used.',
  'combine-hot': 'Stage 1, on quotes of hot coins that came in elsewhere.',
  maintain: 'Stage 2: merges partials into hourly rows, and computes every feature that a changed hour reaches.',
};

export const explainSource = (source: Status['source']): Explanation => ({
  title: 'Source',
  text:
    source === null
      ? 'No ingest has reported yet: pulse start runs one, and so does pulse ingest.'
      : (source.message ?? 'Where the quotes come from.'),
  ...(source !== null && {
    facts: [
      ['Published', formatCounted(source.records, 'record')],
      ['State', source.state],
    ],
  }),
});

export function explainStage(stage: string, { tasks, owners, busiest, silent }: StageSummary): Explanation {
  const text = stageTexts[stage] ?? '';
  if (tasks === 0)
    return {
      title: stage,
      text: `${text} No task of it has reported yet: pulse start runs it, and so does pulse process.`,
    };
  return {
    title: stage,
    text,
    facts: [
      ['Tasks', formatExact(tasks)],
      ['Instances', formatExact(owners)],
      ['Busiest task', busiest === null ? 'not known' : `at work ${formatShare(busiest)} of its time`],
      ...(silent > 0 ? ([['Silent for 20 s', formatExact(silent)]] as const) : []),
    ],
  };
}

export const explainDeadLetters = (status: Status | null, pipeline: Pipeline | null): Explanation => ({
  title: 'Dead letters',
  text: 'Records that could not be used, kept with their bytes and the reason. They are listed below.',
  facts: [
    ['All that this page’s server has seen', formatExact(status?.deadLetters ?? 0)],
    ['Within five minutes', formatExact(pipeline?.deadLettersLately ?? 0)],
  ],
});

export const explainView = (view: Status['view'] | undefined): Explanation => ({
  title: 'This page’s view',
  text: view?.message ?? 'The server keeps the tables as this page shows them, with how far it has read each topic.',
  ...(view !== undefined && { facts: [['Not read yet', formatCounted(view.behind, 'record')]] }),
});

export function explainLake(lake: Lake | null): Explanation {
  const written = (lake?.tables ?? []).filter(({ version }) => version !== null);
  return {
    title: 'The lake',
    text:
      written.length === 0
        ? 'Delta tables over Parquet. pulse start writes them, and so does pulse sink.'
        : 'Delta tables over Parquet, each with its position in the same commit as its rows. The Lake page has all of it.',
    ...(written.length > 0 && {
      facts: [['All tables', formatBytes(written.reduce((sum, { bytes }) => sum + bytes, 0))]],
    }),
  };
}
