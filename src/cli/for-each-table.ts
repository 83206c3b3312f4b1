import type { LakeTable } from '../streams/5-lake/lake-table.ts';
import { isTableFailure, withAdvice } from '../streams/5-lake/table-failure.ts';
import type { PulseError } from '../errors.ts';

/** Works on one table after the other. One that can't be used keeps nobody from the others; it is told of when all are done. */
export async function forEachTable(
  tables: readonly LakeTable[],
  work: (table: LakeTable) => Promise<void>,
): Promise<void> {
  let first: PulseError | undefined;
  for (const table of tables)
    try {
      await work(table);
    } catch (error) {
      if (!isTableFailure(error)) throw error;
      first ??= withAdvice(error, table.name);
    }
  if (first !== undefined) throw first;
}
