import type { Observable } from 'rxjs';
import type { Timelapse, TimelapseWish } from '../../replay-contract.ts';

/** What plays a time-lapse, as the server knows it. */
export interface TimelapseControls {
  /** How it is doing now. */
  state(): Timelapse;
  wish(wish: TimelapseWish): void;
  /** Emits whenever the state is another one. */
  readonly changes: Observable<void>;
}
