import { join } from 'node:path';
import type { LakeTable } from '../lake-table.ts';

/** The folder of the plain copies, in the data folder. */
export const COPIES = 'gold_parquet';

/** Where the plain copy of a table lies, in the data folder. */
export const copyPath = ({ name }: LakeTable): string => join(COPIES, `${name.replace(/^.*\//, '')}.parquet`);

/** Bronze is what was there before: it has no copy. */
export const hasCopy = ({ kind }: LakeTable): boolean => kind !== 'append';
