import type { Observer, Subscriber } from 'rxjs';

/**
 * The observer that an operator of ours subscribes with: what its `next` throws becomes the destination's error, as in
 * RxJS's own operators. (A plain observer's exception would be reported later, outside the stream, and lost to it.)
 */
export const into = <In>(destination: Subscriber<unknown>, next: (value: In) => void): Observer<In> => ({
  next(value) {
    try {
      next(value);
    } catch (error) {
      destination.error(error);
    }
  },
  error: (error: unknown) => destination.error(error),
  complete: () => destination.complete(),
});
