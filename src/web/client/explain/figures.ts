import type { Column, MarketRow } from '../../contract.ts';
import type { Currency } from '../format/currency.ts';
import { formatFigure } from '../format/figure.ts';
import { formatTime, type Zone, zoneName } from '../format/time.ts';
import type { Explanation } from './explanation.ts';

/** What people call a feature; one that says nothing of it goes by its name. */
export const labelOf = ({ name, label = name }: Pick<Column, 'name' | 'label'>): string => label;

/** The same where there is little room. */
export const headOf = (column: Pick<Column, 'name' | 'label' | 'head'>): string => column.head ?? labelOf(column);

/** What a column holds. */
export const explainColumn = ({ name, label, meaning, formula, hours }: Column): Explanation => ({
  title: label === undefined ? name : `${label} · ${name}`,
  ...(meaning !== undefined && { text: meaning }),
  formula: `${name} = ${formula}`,
  facts: [['Window', `${hours} h`]],
});

/** One coin's figure: the formula, the hour it is of, its exact value, or why there is none. */
export function explainFigure(column: Column, { row, name, value, have, zone }: FigureAt): Explanation {
  const about = explainColumn(column);
  const asOf = asOfFacts(row, zone);
  if (value === null) return { ...about, text: missingReason(column, have), facts: [...(about.facts ?? []), ...asOf] };
  const exact = column.unit === 'hours' ? formatFigure(column, value, row.price) : String(value);
  return {
    ...about,
    title: `${name} · ${labelOf(column)}`,
    ...(have !== undefined &&
      isPartial(column, have) && { text: `${about.text ?? ''} ${shortReason(column, have)}: it is of those.`.trim() }),
    facts: [...(about.facts ?? []), ...asOf, ['Exact', exact]],
  };
}

/** A mean or a deviation is of the hours that there are; a return is of two, or is none. */
const isPartial = ({ unit, hours, isOfEnds = false }: Column, have: number): boolean =>
  have < hours && unit !== 'hours' && !isOfEnds;

/** A figure of one coin, and what it rests on. */
export interface FigureAt {
  readonly row: Pick<MarketRow, 'ts' | 'price' | 'final'> & Partial<Pick<MarketRow, 'quotedAt'>>;
  /** What the coin is called. */
  readonly name: string;
  readonly value: number | null;
  /** How many hours of the column's window have a price; undefined where that is not known. */
  readonly have: number | undefined;
  readonly zone: Zone;
}

/** The hour that a row is of, and its last quote. */
export function asOfFacts(row: FigureAt['row'], zone: Zone): readonly (readonly [string, string])[] {
  const named = zoneName(zone);
  const hour = `${formatTime(row.ts, 'full', zone)} ${named}${row.final ? '' : ', still open'}`;
  if (row.quotedAt == null) return [['As of the hour', hour]];
  return [
    ['As of the hour', hour],
    ['Last quote', `${formatTime(row.quotedAt, 'seconds', zone)} ${named}`],
  ];
}

/** `ma_72 needs 72 hours; 31 so far`. */
const shortReason = ({ name, hours }: Pick<Column, 'name' | 'hours'>, have: number): string =>
  `${name} needs ${hours} hours; ${have} so far`;

/** Why a figure is not there, and what comes next; `have` counts the hours with a price in its window. */
export const missingReason = ({ name, hours }: Pick<Column, 'name' | 'hours'>, have: number | undefined): string =>
  have !== undefined && have < hours
    ? `${shortReason({ name, hours }, have)}.`
    : `${name} has no value at this hour: its formula divides by nothing, or an hour that it needs is missing.`;

/** What the source says of the coin as a whole. */
export function explainSize(
  name: 'volume' | 'marketCap',
  row: MarketRow | undefined,
  zone: Zone,
  currency: Currency,
): Explanation {
  const value = row?.[name] ?? null;
  const asOf = row === undefined ? [] : asOfFacts(row, zone);
  const about =
    name === 'volume'
      ? {
          title: 'Volume 24h',
          text: `What was traded over the trailing 24 hours, as the source says, in ${currency.name}.`,
        }
      : { title: 'Market cap', text: `The worth of all that circulates, as the source says, in ${currency.name}.` };
  return value === null
    ? { ...about, text: `${about.text} It gave none.`, facts: asOf }
    : { ...about, facts: [...asOf, ['Exact', String(value)]] };
}

/** The newest hour's price, or one of the prices that it went through. */
export function explainPrice(
  label: string,
  text: string,
  value: number | null,
  at: Omit<FigureAt, 'value' | 'have'>,
): Explanation {
  const { row, name, zone } = at;
  const exact: readonly (readonly [string, string])[] = value === null ? [] : [['Exact', String(value)]];
  return { title: `${name} · ${label}`, text, facts: [['Window', '1 h'], ...asOfFacts(row, zone), ...exact] };
}
