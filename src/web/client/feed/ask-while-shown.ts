const EVERY_MS = 10_000;

/**
 * Asks at once and then every ten seconds while the page is seen, until the result is called, which also breaks off what is
 * being asked. `isHeld`: what is shown is to stay as it is.
 */
export function askWhileShown(ask: (signal: AbortSignal) => Promise<void>, isHeld: () => boolean): () => void {
  const ended = new AbortController();
  void ask(ended.signal);
  const timer = setInterval(() => {
    if (!isHeld() && !document.hidden) void ask(ended.signal);
  }, EVERY_MS);
  return () => {
    clearInterval(timer);
    ended.abort();
  };
}
