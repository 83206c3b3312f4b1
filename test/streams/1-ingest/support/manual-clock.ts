import { VirtualTimeScheduler } from 'rxjs';

/** Time that moves when it is told to. */
export class ManualClock extends VirtualTimeScheduler {
  constructor(start: number) {
    super(undefined, start);
    this.frame = start;
  }

  /** How long each timer that runs has to go, in milliseconds, the shortest first. */
  get waits(): readonly number[] {
    return this.actions.filter(({ closed }) => !closed).map(({ delay }) => delay - this.frame);
  }

  advance(ms: number): void {
    this.maxFrames = this.frame + ms;
    this.flush();
    this.frame = this.maxFrames;
  }
}
