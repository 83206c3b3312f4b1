import type { IngestSession, SourcePosition } from '../ingest-session.ts';

/** Which run of a file this is, and how far the run has come. */
export interface RecordedRun {
  readonly key: string;
  /** 1, and one more for each time the file was ingested again. */
  readonly run: number;
  /** How many records of it are in the log. */
  readonly records: number;
  readonly isDone: boolean;
}

/**
 * The run of the file with this hash to go on with: the one that was begun before, where one was; else the latest one, or,
 * where that is done and the file is wanted `again`, a new one.
 */
export function runOf(
  session: IngestSession,
  sha256: string,
  again: boolean,
  begun: RecordedRun | undefined,
): RecordedRun {
  if (begun !== undefined) return runAt(session, sha256, begun.run);
  let latest = runAt(session, sha256, 1);
  for (let next = runAt(session, sha256, 2); next.records > 0 || next.isDone;) {
    latest = next;
    next = runAt(session, sha256, latest.run + 1);
  }
  return latest.isDone && again ? runAt(session, sha256, latest.run + 1) : latest;
}

/** The position that says so. */
export const positionOf = ({ key, run, records, isDone }: RecordedRun, file: string): SourcePosition => ({
  key,
  value: { source: 'recorded', file, run, records, done: isDone },
});

function runAt(session: IngestSession, sha256: string, run: number): RecordedRun {
  const key = run === 1 ? `recorded|${sha256}` : `recorded|${sha256}|${run}`;
  const found = session.position(key);
  if (typeof found !== 'object' || found === null) return { key, run, records: 0, isDone: false };
  const records = 'records' in found && typeof found.records === 'number' ? found.records : 0;
  return { key, run, records, isDone: 'done' in found && found.done === true };
}
