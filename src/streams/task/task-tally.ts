/** Since a task started; times in milliseconds. */
export interface TaskFigures {
  readonly records: number;
  /** In the stage's operators alone. */
  readonly workMs: number;
  /** And in commits. */
  readonly busyMs: number;
  /** Records behind. */
  readonly lag: number;
  /** The last commit. */
  readonly commitMs: number;
}

/** Adds up what a task does. */
export class TaskTally {
  #records = 0;
  #workMs = 0;
  #commitsMs = 0;
  #lastMs = 0;

  worked(ms: number): void {
    this.#workMs += ms;
  }

  committed(records: number, ms: number): void {
    this.#records += records;
    this.#commitsMs += ms;
    this.#lastMs = ms;
  }

  figures(lag: number): TaskFigures {
    const workMs = this.#workMs;
    return { records: this.#records, workMs, busyMs: workMs + this.#commitsMs, lag, commitMs: this.#lastMs };
  }
}
