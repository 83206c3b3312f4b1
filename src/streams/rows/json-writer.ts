import { encodeSilver } from '../3-silver/hour-json.ts';
import { encodeFeatureRow, encodeMoverRow } from '../4-gold/gold-json.ts';
import type { RowWriter } from './row-format.ts';

/** Rows as JSON text. */
export const jsonWriter = {
  silver: encodeSilver,
  features: encodeFeatureRow,
  mover: encodeMoverRow,
} satisfies RowWriter;
