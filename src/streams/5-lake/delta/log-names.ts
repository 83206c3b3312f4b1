/** The folder of a table's log (protocol, "Delta Log Entries"). */
export const LOG_FOLDER = '_delta_log';

/** The file that names the newest checkpoint ("Last Checkpoint File"). */
export const LAST_CHECKPOINT = '_last_checkpoint';

const digits = (version: number): string => String(version).padStart(20, '0');

/** The file of one version's actions. */
export const commitName = (version: number): string => `${digits(version)}.json`;

/** A classic checkpoint in one part ("Checkpoint Naming Scheme"). */
export const checkpointName = (version: number): string => `${digits(version)}.checkpoint.parquet`;

/** The version of a commit's file; undefined for any other name. */
export const commitVersion = (name: string): number | undefined => versionIn(/^(\d{20})\.json$/, name);

/** The version of a classic checkpoint's file; undefined for any other name. */
export const checkpointVersion = (name: string): number | undefined =>
  versionIn(/^(\d{20})\.checkpoint\.parquet$/, name);

function versionIn(pattern: RegExp, name: string): number | undefined {
  const found = pattern.exec(name)?.[1];
  return found === undefined ? undefined : Number(found);
}
