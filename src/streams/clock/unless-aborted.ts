/**
 * What the work comes to, or undefined as soon as the signal aborts; then nobody hears of the work any more. Unlike a race
 * with a promise that lasts, it leaves nothing behind that grows with every call.
 */
export const unlessAborted = <Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result | undefined> =>
  new Promise((resolve, reject) => {
    const leave = (): void => resolve(undefined);
    if (signal.aborted) leave();
    signal.addEventListener('abort', leave, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
