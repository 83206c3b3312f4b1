import { asyncScheduler } from 'rxjs';
import { TimelapseControl } from '../../../src/cli/replay/timelapse-control.ts';
import type { WebServer } from '../../../src/web/server/web-server.ts';
import { WebHarness } from '../../support/web/web-harness.ts';
import { begin, hours, HOUR_MS } from './playing.ts';

/** The page's server as `pulse replay --speed` runs it: each life has a log of its own, and the port stays. */
export class Lives {
  readonly control = new TimelapseControl({
    ...{ of: '', from: begin, to: begin + 96 * HOUR_MS, speed: 600, clock: asyncScheduler },
  });
  #harness: WebHarness | undefined;
  #server: WebServer | undefined;
  #port = 0;
  readonly #staticPath: string;

  constructor(staticPath: string) {
    this.#staticPath = staticPath;
  }

  async begin(untilHour: number): Promise<string> {
    const { signal, playback } = this.control.begin();
    const harness = (this.#harness = await WebHarness.create());
    await harness.feeder.publish(hours(0, untilHour));
    await harness.feeder.report({ source: 'replay', kind: 'played', event_time: new Date(begin).toISOString() });
    const served = { staticPath: this.#staticPath, timelapse: this.control, port: this.#port };
    this.#server = await harness.serve(served);
    this.#port = Number(new URL(this.#server.url).port);
    playback.delay(begin + untilHour * HOUR_MS + 1, Date.now());
    this.control.reached(begin + untilHour * HOUR_MS);
    signal.addEventListener('abort', () => setTimeout(() => void this.#again(), 300));
    return this.#server.url;
  }

  async close(): Promise<void> {
    await this.#harness?.close();
  }

  async #again(): Promise<void> {
    await this.close();
    // As long as the tables take to be emptied.
    await new Promise((wake) => setTimeout(wake, 800));
    await this.begin(((this.control.state().target ?? begin) - begin) / HOUR_MS);
  }
}
