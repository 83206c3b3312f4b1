import type { LakeReader } from '../../../src/web/server/lake/lake-reader.ts';

/** A lake that nobody has written yet. */
export const emptyLake: LakeReader = {
  read: () => Promise.resolve({ tables: [], copies: [], problems: [] }),
  close: () => Promise.resolve(),
};
