/** What a batch has made of the view. */
export interface Applied {
  readonly records: number;
  /** Why records could not be shown. */
  readonly unreadable: readonly string[];
  /** When the newest of them was appended; 0 where there is none. */
  readonly appendedAt: number;
}
