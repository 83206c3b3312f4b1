/** Cuts a stream of bytes into elements, wherever its chunks begin and end. */
export interface ElementSplitter {
  /**
   * Takes the next chunk and appends the elements that end in it to `into`. An element that lies in the chunk whole is a
   * view of it, so the chunk must not be written to again.
   */
  push(chunk: Buffer, into: Buffer[]): void;
  /** There is no more: appends the element that the input broke off in, if any. */
  end(into: Buffer[]): void;
  /** Whether the input ended before it was closed, as an array without its bracket is; to be asked after {@link end}. */
  readonly isUnfinished: boolean;
  /** How many elements were longer than the limit, and so were cut off behind it. */
  readonly cutOff: number;
}
