/** What stands behind a figure: shown where somebody points at it or moves the focus to it. */
export interface Explanation {
  readonly title: string;
  /** What it is, in a sentence. */
  readonly text?: string;
  /** How it is computed. */
  readonly formula?: string;
  /** Label and value, as in window, as of, exact value. */
  readonly facts?: readonly (readonly [string, string])[];
}
