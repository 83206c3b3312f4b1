/**
 * The error behind lmdb-js's "Commit failed", which hands it over as a promise; any other error as it is.
 * Resolves, never rejects.
 */
export async function commitFailure(error: unknown): Promise<unknown> {
  if (!(error instanceof Error) || !('commitError' in error)) return error;
  return Promise.resolve(error.commitError).then(
    () => error,
    (behind: unknown) => behind,
  );
}
