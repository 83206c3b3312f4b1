/** The clocks of a thread, both in milliseconds with fractions. */
export interface Clocks {
  /** Real time; the same for all threads. */
  readonly now: () => number;
  /** The processor time that this thread has had: what others do on the machine doesn't count. */
  readonly busy: () => number;
}
