import { describe, expect, it } from 'vitest';
import { commitBehind } from '../../../src/streams/1-ingest/commit-behind.ts';
import { until } from './support/until.ts';

/** Steps 1, 2, 3, …, and commits that end when they are told to. */
class Script {
  readonly made: number[] = [];
  readonly begun: number[] = [];
  private readonly ends: { readonly resolve: () => void; readonly reject: (error: Error) => void }[] = [];

  async *steps(count: number, failure?: Error): AsyncGenerator<number> {
    for (let step = 1; step <= count; step++) {
      this.made.push(step);
      yield step;
    }
    if (failure !== undefined) throw failure;
  }

  commit = (step: number): Promise<void> => {
    this.begun.push(step);
    return new Promise((resolve, reject) => this.ends.push({ resolve, reject }));
  };

  /** Ends the oldest commit under way. */
  end(error?: Error): void {
    const commit = this.ends.shift();
    if (error === undefined) commit?.resolve();
    else commit?.reject(error);
  }

  async settled(): Promise<void> {
    let turns = 0;
    await until(() => ++turns > 5);
  }
}

describe('commitBehind', () => {
  it('makes one step ahead of three commits under way, and no more', async () => {
    const script = new Script();
    const done = commitBehind(script.steps(5), script.commit);
    for (const [made, begun] of [
      [4, 3],
      [5, 4],
      [5, 5],
      [5, 5],
      [5, 5],
    ] as const) {
      await script.settled();
      expect([script.made.length, script.begun.length]).toEqual([made, begun]);
      script.end();
    }
    await done;
  });

  it('rejects with the error of a commit, and makes no more steps', async () => {
    const script = new Script();
    const done = commitBehind(script.steps(9), script.commit);
    await script.settled();
    let isOver = false;
    done.catch(() => undefined).finally(() => (isOver = true));
    script.end(new Error('no commit'));
    await script.settled();
    expect(isOver).toBe(false);
    script.end(new Error('nor this one'));
    script.end();
    await expect(done).rejects.toThrow('no commit');
    expect([script.made, script.begun]).toEqual([
      [1, 2, 3, 4],
      [1, 2, 3],
    ]);
  });

  it('rejects with the error of a step once the commits are done', async () => {
    const script = new Script();
    let isOver = false;
    const done = commitBehind(script.steps(1, new Error('no step')), script.commit).finally(() => (isOver = true));
    done.catch(() => undefined);
    await script.settled();
    expect(isOver).toBe(false);
    script.end();
    await expect(done).rejects.toThrow('no step');
  });
});
