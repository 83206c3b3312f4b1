import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { FromPublisher, PublishingOrder, ToPublisher } from './publishing-orders.ts';

const MODULE = fileURLToPath(new URL('./publisher.ts', import.meta.url));

export type PublisherFigures = Extract<FromPublisher, { readonly kind: 'figures' }>;

/** A server that publishes, as whoever started it sees it. */
export class RunningPublisher {
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.url = url;
  }

  static async start(order: PublishingOrder): Promise<RunningPublisher> {
    const child = fork(MODULE, { execArgv: ['--expose-gc', '--import', 'tsx'] });
    child.send(order);
    const message = await heard(child);
    if (message.kind !== 'ready') throw new Error('the publisher is not ready');
    return new RunningPublisher(child, message.url);
  }

  async figures(): Promise<PublisherFigures> {
    const answer = heard(this.#child);
    this.#child.send('figures' satisfies ToPublisher);
    const figures = await answer;
    if (figures.kind !== 'figures') throw new Error('the publisher has no figures');
    return figures;
  }

  /** Publishes no more. */
  hold(): void {
    this.#child.send('hold' satisfies ToPublisher);
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.send('stop' satisfies ToPublisher);
    await exited;
  }
}

function heard(child: ChildProcess): Promise<FromPublisher> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void => reject(new Error(`the publisher ended with ${code}`));
    child.once('exit', ended);
    child.once('message', (message: FromPublisher) => {
      child.off('exit', ended);
      resolve(message);
    });
  });
}
