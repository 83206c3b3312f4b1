import type { LabReport, LabRunEntry } from '../../skew-contract.ts';
import { askWhileShown } from '../feed/ask-while-shown.ts';
import { labReportOf, labRunsOf } from './lab-answer.ts';

/** The lab's runs as the server last told them, asked again every ten seconds while somebody looks, and the one that is shown. */
export class LabReader {
  /** Null until they were told once; kept while the server does not answer. */
  runs: readonly LabRunEntry[] | null = $state.raw(null);
  /** Why the last question was not answered. */
  failure: string | null = $state(null);
  /** The report that is shown, and of which run it is. */
  shown: { readonly run: LabRunEntry; readonly report: LabReport } | null = $state.raw(null);
  /** Why the chosen report can't be shown. */
  problem: string | null = $state(null);
  #wanted: string | null = null;

  /** Asks until the result is called. `isHeld`: what is shown is to stay as it is. */
  start(isHeld: () => boolean): () => void {
    return askWhileShown((signal) => this.ask(signal), isHeld);
  }

  /** Shows the run with that id; null, or where there is none of that id: the newest that can be shown. */
  async choose(id: string | null): Promise<void> {
    this.#wanted = id;
    const runs = this.runs ?? [];
    const run = runs.find((each) => each.id === id) ?? runs.find(({ problem }) => problem === null) ?? runs[0];
    if (run === undefined) return void (this.shown = null);
    this.problem = run.problem;
    if (run.problem !== null || (this.shown?.run.id === run.id && this.shown.run.at === run.at)) return;
    try {
      const report = labReportOf(await answerOf(`/api/skew-lab/${encodeURIComponent(run.id)}`));
      if (this.#wanted === id) this.shown = { run, report };
    } catch (error) {
      if (this.#wanted === id) this.problem = messageOf(error);
    }
  }

  async ask(signal?: AbortSignal): Promise<void> {
    try {
      this.runs = labRunsOf(await answerOf('/api/skew-lab', signal));
      this.failure = null;
      await this.choose(this.#wanted);
    } catch (error) {
      if (signal?.aborted !== true) this.failure = messageOf(error);
    }
  }
}

async function answerOf(path: string, signal?: AbortSignal): Promise<unknown> {
  const response = await fetch(path, { signal: signal ?? null });
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
  return response.json();
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
