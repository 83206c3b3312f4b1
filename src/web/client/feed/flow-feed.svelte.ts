import type { Batch } from '../../contract.ts';
import type { Pipeline, TailFrame, TailWish } from '../../pipeline-contract.ts';
import { Tail } from '../pipeline/tail.svelte.ts';
import type { Connection } from './connection.ts';

const REFUSED_MS = 1000;
/** A filter that is being typed asks for the last word only. */
const TYPED_MS = 200;

/** What is told of the flow itself to whoever follows it: the pipeline's figures, and the newest records of a topic. */
export class FlowFeed {
  /** Null until it was told once; kept while it is not told. */
  pipeline: Pipeline | null = $state.raw(null);
  /** By the browser's clock: when it was measured anew. */
  toldAt: number | null = $state(null);
  readonly tail = new Tail();
  readonly #link: Pick<Connection, 'pipeline' | 'tail'>;
  /** What is shown is to stay as it is. */
  readonly #isHeld: () => boolean;
  #follows = false;
  #wish: TailWish | null = null;
  #pipelineTimer: ReturnType<typeof setTimeout> | undefined;
  #tailTimer: ReturnType<typeof setTimeout> | undefined;
  #pending: { readonly pipeline: Pipeline; readonly at: number } | undefined;

  constructor(link: Pick<Connection, 'pipeline' | 'tail'>, isHeld: () => boolean) {
    this.#link = link;
    this.#isHeld = isHeld;
  }

  /** Follows the pipeline's figures until the result is called. */
  followPipeline(): () => void {
    this.#follows = true;
    void this.#askPipeline();
    return () => {
      this.#follows = false;
      clearTimeout(this.#pipelineTimer);
      void this.#link.pipeline(false);
    };
  }

  /** Follows a topic in place of the one before, or none. */
  followTail(wish: TailWish | null): void {
    const isTyped = wish !== null && this.#wish?.topic === wish.topic;
    this.#wish = wish;
    clearTimeout(this.#tailTimer);
    if (wish === null) {
      this.tail.leave();
      void this.#link.tail(null);
      return;
    }
    this.tail.expect(wish);
    this.#tailTimer = setTimeout(() => void this.#askTail(wish), isTyped ? TYPED_MS : 0);
  }

  /** Asks again for all that is followed, on a connection that knows nothing of it. */
  repeat(): void {
    if (this.#follows) void this.#askPipeline();
    if (this.#wish !== null) void this.#askTail(this.#wish);
  }

  /** Keeps what a frame tells, to be shown. */
  take({ pipeline, tail }: Batch): void {
    if (pipeline !== undefined) this.#pending = { pipeline, at: Date.now() };
    if (tail !== undefined) this.tail.take(tail);
  }

  /** Shows all that has come. */
  show(): void {
    if (this.#pending !== undefined) {
      this.pipeline = this.#pending.pipeline;
      this.toldAt = this.#pending.at;
      this.#pending = undefined;
    }
    this.tail.show();
  }

  async #askPipeline(): Promise<void> {
    const answer = await this.#link.pipeline(true);
    if (answer === undefined || !this.#follows) return;
    if (answer.kind === 'refused') this.#pipelineTimer = setTimeout(() => void this.#askPipeline(), REFUSED_MS);
    if (answer.kind !== 'pipeline') return;
    this.#pending = { pipeline: answer.pipeline, at: Date.now() };
    // What has never been seen is shown, whatever is held.
    if (!this.#isHeld() || this.pipeline === null) this.show();
  }

  async #askTail(wish: TailWish): Promise<void> {
    const answer = await this.#link.tail(wish);
    if (answer === undefined || wish !== this.#wish) return;
    if (answer.kind === 'refused') {
      this.tail.refuse(answer.reason);
      this.#tailTimer = setTimeout(() => void this.#askTail(wish), REFUSED_MS);
    }
    if (answer.kind === 'tail') this.#begin(answer);
  }

  #begin(frame: TailFrame): void {
    const isFirst = this.tail.state === 'asking';
    this.tail.begin(frame);
    if (isFirst || !this.#isHeld()) this.tail.show();
  }
}
