import type { LakeContents } from '../../../streams/5-lake/catalogue/lake-catalogue.ts';

/** Where the server asks what the lake holds. Reading it is work for a thread other than the server's. */
export interface LakeReader {
  /** What is on the disk now; calls while one is under way share its answer. */
  read(): Promise<LakeContents>;
  close(): Promise<void>;
}
