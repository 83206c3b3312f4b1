import { basename } from 'node:path';

/** The property in a copy's footer that tells it from every other copy. */
export const COPY_ID = 'crypto-pulse.copy';

/** What is known of the bytes of a copy. */
export interface CopyDigest {
  readonly id: string;
  /** In hexadecimal. */
  readonly sha256: string;
}

/** The file beside a copy that has its digest. */
export const copyDigestPath = (copy: string): string => `${copy}.sha256`;

/**
 * A copy's digest as a file that `sha256sum --check` takes. It names the copy by its id as well, in a comment: the two files
 * are replaced one after the other, so that for a moment, and after a crash, the digest may be of another copy.
 */
export const formatCopyDigest = (copy: string, { id, sha256 }: CopyDigest): Uint8Array =>
  Buffer.from(`# ${id}\n${sha256}  ${basename(copy)}\n`, 'utf8');

/** What {@link formatCopyDigest} wrote; undefined for anything else. */
export function parseCopyDigest(bytes: Uint8Array): CopyDigest | undefined {
  const found = /^# (.+)\n([0-9a-f]{64}) {2}.+\n$/.exec(Buffer.from(bytes).toString('utf8'));
  const [, id, sha256] = found ?? [];
  return id === undefined || sha256 === undefined ? undefined : { id, sha256 };
}
