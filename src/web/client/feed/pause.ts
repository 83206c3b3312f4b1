/** What the page shows is held as it was at that moment of the browser's clock; `frames` have come since. */
export interface Pause {
  readonly at: number;
  readonly frames: number;
}
