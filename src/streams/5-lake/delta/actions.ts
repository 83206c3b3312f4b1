import { z } from 'zod';

/*
 * The actions of a commit (Delta Lake protocol, "Actions"), as far as reader version 1 and writer version 2 know them.
 * Fields that are not named here are other writers' business, and are dropped.
 * https://github.com/delta-io/delta/blob/master/PROTOCOL.md
 */

const texts = z.record(z.string(), z.string().nullable());

/** "Add File": a file that holds rows of the table from this version on. */
const add = z.object({
  /** Relative to the table's folder, and URL-encoded. */
  path: z.string(),
  partitionValues: texts,
  size: z.number(),
  modificationTime: z.number(),
  /** False where the same rows only moved from one file to another. */
  dataChange: z.boolean(),
  /** JSON, see "Per-file Statistics". */
  stats: z.string().nullish(),
  deletionVector: z.unknown().optional(),
});

/** "Remove File": a file whose rows are the table's no longer. It stays on the disk for those who read an earlier version. */
const remove = z.object({
  path: z.string(),
  deletionTimestamp: z.number().nullish(),
  dataChange: z.boolean(),
  partitionValues: texts.nullish(),
  size: z.number().nullish(),
});

/** "Change Metadata": the table's schema, partition columns and properties. */
const metaData = z.object({
  id: z.string(),
  name: z.string().nullish(),
  format: z.object({ provider: z.string(), options: texts.nullish() }),
  schemaString: z.string(),
  partitionColumns: z.array(z.string()),
  configuration: texts.nullish(),
  createdTime: z.number().nullish(),
});

/** "Protocol Evolution": what a program must know to read and to write the table. */
const protocol = z.object({ minReaderVersion: z.number(), minWriterVersion: z.number() });

/** "Transaction Identifiers": how far an application has come, moved by the same commit as the files that hold it. */
const txn = z.object({ appId: z.string(), version: z.number(), lastUpdated: z.number().nullish() });

/** "Commit Provenance Information": for people. */
const commitInfo = z.record(z.string(), z.unknown());

/** One line of a commit, or one row of a checkpoint: an object of one action. */
export const action = z.object({
  add: add.nullish(),
  remove: remove.nullish(),
  metaData: metaData.nullish(),
  protocol: protocol.nullish(),
  txn: txn.nullish(),
  commitInfo: commitInfo.nullish(),
});

export type Action = z.output<typeof action>;
export type AddFile = z.output<typeof add>;
export type RemoveFile = z.output<typeof remove>;
export type MetaData = z.output<typeof metaData>;
export type Protocol = z.output<typeof protocol>;
