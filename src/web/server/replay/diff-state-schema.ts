import { z } from 'zod';
import { diffVerdicts } from '../../../streams/replay/diff/diff-verdict.ts';
import type { DiffState } from '../../replay-contract.ts';
import { shownName } from '../records/shown-name.ts';

/* Anybody can lay a file into the folder: what is served is of the shape that a comparison has, and bounded in every length. */

const MOST_FIELDS = 100;
const MOST_SHOWN = 100;

const amount = z.number().min(0);
const text = z.string().max(2_000).transform(shownName);
const table = z.enum(['prices', 'features', 'movers']);

/** No more of a kind than a row may have. */
const fieldsOf = <Value extends z.ZodType>(value: Value) =>
  z.record(text, value).refine((found) => Object.keys(found).length <= MOST_FIELDS, 'it has too many fields');

const row = fieldsOf(z.union([z.number(), text, z.boolean(), z.null()]));

const tableDiff = z.object({
  table,
  rows: z.object({ a: amount, b: amount }),
  ...{ equal: amount, differing: amount, onlyA: amount, onlyB: amount, setAside: amount },
  fields: fieldsOf(amount),
});

/** The result of a comparison, as a file that anybody may have written holds it. */
export const diffStateSchema: z.ZodType<DiffState> = z.object({
  ...{ a: text, b: text, at: amount, verdict: z.enum(diffVerdicts) },
  tables: z.array(tableDiff).max(3),
  first: z.array(z.object({ table, key: text, a: row.nullable(), b: row.nullable() })).max(MOST_SHOWN),
});
