import type { HotPartitionFigures, KeyWeight, SaltDecision } from '../../pipeline-contract.ts';
import type { Explanation } from '../explain/explanation.ts';
import { formatCounted, formatExact } from '../format/count.ts';
import { NOTHING } from '../format/figure.ts';
import { formatShare } from './task-figures.ts';

/** A key's share as far as it is known: `42%`, or `38–42%` where the bounds of the count lie apart. */
export function formatWeight({ least, most }: KeyWeight): string {
  const [low, high] = [formatShare(least), formatShare(most)];
  return low === high ? high : `${low.replace('%', '')}–${high}`;
}

/** What a key's share rests on. */
export function explainWeight(weight: KeyWeight, { partition, records }: HotPartitionFigures): Explanation {
  return {
    title: `${weight.key} · share of partition ${partition}`,
    text: 'Of the records that came in over the last 10 s. Keys are counted in bounded memory (Space-Saving), so a count may be too high, by no more than its error.',
    formula: 'count − error ≤ true count ≤ count',
    facts: [
      ['At least', exactShare(weight.least)],
      ['At most', exactShare(weight.most)],
      ['Records', formatExact(Math.round(records))],
    ],
  };
}

/** What being salted means for a key. */
export const explainSalts = (key: string, salts: number): Explanation => ({
  title: `${key} · salted`,
  text: `Its records are sent on, unparsed and in bundles, and worked on in ${formatCounted(salts, 'partition')}. The tables are the same as without.`,
});

const kinds: Readonly<Record<SaltDecision['kind'], string>> = {
  salt: 'A partition had over 5 times the median’s work, and forwarding costs less than it saves.',
  'deal anew': 'The shares have changed: the salts are dealt anew.',
  'un-salt': 'The key is hot no more, or its detour costs more than it saves.',
};

/** max/median, in the words of the lab: `7.9×`; where the median has nothing to do, there is no number. */
export function formatRatio(max: number, median: number): string {
  if (max === 0) return '1.0×';
  if (median === 0) return '∞×';
  const ratio = max / median;
  return `${ratio < 9.95 ? ratio.toFixed(1) : formatExact(Math.round(ratio))}×`;
}

/** The numbers that a decision was made by. */
export function explainDecision({ kind, ground, owner, partition }: SaltDecision): Explanation {
  const title = `${labels[kind]} · partition ${partition}`;
  if (ground === null)
    return {
      title,
      text: 'By the key’s share of its partition’s records alone: the strategy is salted.',
      facts: [['By', owner]],
    };
  const { busiestMs, medianMs, predictedBusiestMs, predictedMedianMs, workUs, sendUs, receiveUs } = ground;
  const detour = sendUs + receiveUs;
  return {
    title,
    text: kinds[kind],
    formula: 'max/median = busiest partition’s work / median’s, over 10 s',
    facts: [
      ['Busiest', `${formatExact(busiestMs)} ms`],
      ['Median', `${formatExact(medianMs)} ms`],
      ['max/median', formatRatio(busiestMs, medianMs)],
      [
        'Predicted',
        `${formatRatio(predictedBusiestMs, predictedMedianMs)}, busiest ${formatExact(predictedBusiestMs)} ms`,
      ],
      ['A record’s work', `${workUs.toFixed(1)} µs`],
      ['Its detour', `${detour.toFixed(1)} µs: sent ${sendUs.toFixed(1)}, received ${receiveUs.toFixed(1)}`],
      ['By', owner],
    ],
  };
}

const labels: Readonly<Record<SaltDecision['kind'], string>> = {
  salt: 'Salted',
  'deal anew': 'Dealt anew',
  'un-salt': 'Un-salted',
};

export const decisionLabel = (kind: SaltDecision['kind']): string => labels[kind];

const exactShare = (share: number): string => (Number.isFinite(share) ? `${(share * 100).toFixed(2)}%` : NOTHING);
