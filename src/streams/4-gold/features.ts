import type { FeatureDeclaration } from './feature.ts';
import { count, maximum, mean, minimum, sampleDeviation } from './rolling.ts';

/** NaN where the deviation is null in its own column: too few returns, or so large that float64 can't hold it. */
const zscore = (value: number, centre: number, deviation: number): number =>
  deviation === 0 || !Number.isFinite(deviation) ? NaN : (value - centre) / deviation;

const vol24h: FeatureDeclaration = {
  name: 'vol_24h',
  hours: 25,
  unit: 'ratio',
  label: 'Volatility',
  meaning: 'How widely the hourly returns of the last 24 hours scatter. Not traded volume.',
  rank: 4,
  formula: 'sample standard deviation of ret_1h over (h − 24h, h]; volatility, not traded volume',
  of: (w) => sampleDeviation(w, 'ret', 24),
};

/**
 * The rolling features of `pulse.features_hourly`, in column order. Adding one is one entry here and one test: the
 * topic's JSON, the schemas, the lake's columns, and the page's table, chart and explanations follow (docs/new-feature.md).
 */
export const features: readonly FeatureDeclaration[] = [
  {
    name: 'ret_1h',
    hours: 2,
    unit: 'change',
    label: 'Return 1h',
    head: '1h',
    meaning: 'How far the price of this hour is from that of the hour before.',
    isOfEnds: true,
    rank: 2,
    pane: 2,
    formula: 'P(h) / P(h − 1h) − 1',
    of: (w) => w.ret(0),
  },
  {
    name: 'ma_24',
    hours: 24,
    unit: 'price',
    label: 'MA 24h',
    meaning: 'The average price of the last 24 hours.',
    formula: 'mean of P over (h − 24h, h]',
    of: (w) => mean(w, 'price', 24),
  },
  {
    name: 'ma_72',
    hours: 72,
    unit: 'price',
    label: 'MA 72h',
    meaning: 'The average price of the last 72 hours.',
    formula: 'mean of P over (h − 72h, h]',
    of: (w) => mean(w, 'price', 72),
  },
  vol24h,
  {
    name: 'zscore_1h',
    hours: 25,
    unit: 'standard deviations',
    label: 'z-score',
    meaning: 'How unusual this hour’s return is, against the last 24 hours. Beyond ±2 is rare.',
    rank: 3,
    pane: 1,
    formula: '(ret_1h − mean of ret_1h over (h − 24h, h]) / vol_24h',
    of: (w) => zscore(w.ret(0), mean(w, 'ret', 24), sampleDeviation(w, 'ret', 24)),
  },
  {
    name: 'n_24',
    hours: 24,
    unit: 'hours',
    label: 'Hours, 24h',
    meaning: 'How many of the last 24 hours have a price.',
    formula: 'hours with a price in (h − 24h, h]',
    of: (w) => count(w, 'price', 24),
  },
  {
    name: 'n_72',
    hours: 72,
    unit: 'hours',
    label: 'Hours, 72h',
    meaning: 'How many of the last 72 hours have a price.',
    formula: 'hours with a price in (h − 72h, h]',
    of: (w) => count(w, 'price', 72),
  },
];

/** The figures of `pulse.top_movers_24h`, at the coin's newest hour, in column order. */
export const moverFeatures: readonly FeatureDeclaration[] = [
  {
    name: 'ret_24h',
    hours: 25,
    unit: 'change',
    label: 'Return 24h',
    head: '24h',
    meaning: 'How far the price of this hour is from that of 24 hours before.',
    isOfEnds: true,
    rank: 1,
    formula: 'P(h) / P(h − 24h) − 1',
    of: (w) => w.price(0) / w.price(24) - 1,
  },
  vol24h,
  {
    name: 'high_24h',
    hours: 24,
    unit: 'price',
    label: 'High 24h',
    meaning: 'The highest price of the last 24 hours.',
    formula: 'highest price over (h − 24h, h]',
    of: (w) => maximum(w, 'high', 24),
  },
  {
    name: 'low_24h',
    hours: 24,
    unit: 'price',
    label: 'Low 24h',
    meaning: 'The lowest price of the last 24 hours.',
    formula: 'lowest price over (h − 24h, h]',
    of: (w) => minimum(w, 'low', 24),
  },
];
