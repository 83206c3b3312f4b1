/** A price that a frame has brought onto the screen; `at` by the wall clock, in milliseconds. */
export interface Painted {
  readonly coin: string;
  readonly text: string;
  readonly at: number;
}

/** What the page itself has noticed since it was last asked. */
export interface Noticed {
  readonly painted: readonly Painted[];
  /** When each frame was begun, by the page's own clock. */
  readonly frames: readonly number[];
  /** What each task took that held the page up for 50 ms and more. */
  readonly longTasks: readonly number[];
}

/** Of the whole visit. */
export interface Vitals {
  readonly firstContentfulPaint: number;
  readonly largestContentfulPaint: number;
  /** Of the worst burst, as Chromium counts it: entries less than 1 s apart, 5 s at most. */
  readonly layoutShift: number;
  /** The wall clock of the frame that showed the first hours of a chart. */
  readonly chartAt: number;
}

export interface Probe {
  take(): Noticed;
  vitals(): Vitals;
}

declare global {
  var probe: Probe;
}

/**
 * Runs in the page before anything of its own. A price counts as painted when a message that was posted while its cell was
 * changed is delivered: the page changes its cells in a frame's turn, and the browser delivers behind the frame, when all
 * that the main thread does for it is done. What the screen takes on top is not in it.
 */
export function installProbe(): void {
  let noticed = { painted: [] as Painted[], frames: [] as number[], longTasks: [] as number[] };
  let [largest, layoutShift, chartAt] = [NaN, 0, NaN];
  const wallClock = (): number => performance.timeOrigin + performance.now();
  const afterFrame = (then: () => void): void => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      then();
    };
    port2.postMessage(null);
  };
  const observe = (type: string, each: (entry: PerformanceEntry) => void): void =>
    new PerformanceObserver((list) => list.getEntries().forEach(each)).observe({ type, buffered: true });

  let burst = { first: -Infinity, last: -Infinity, sum: 0 };
  observe('longtask', ({ duration }) => void noticed.longTasks.push(duration));
  observe('largest-contentful-paint', ({ startTime }) => void (largest = startTime));
  observe('layout-shift', (entry) => {
    const {
      startTime: at,
      value,
      hadRecentInput,
    } = entry as PerformanceEntry & { value: number; hadRecentInput: boolean };
    if (hadRecentInput) return;
    const goesOn = at - burst.last < 1000 && at - burst.first < 5000;
    burst = { first: goesOn ? burst.first : at, last: at, sum: goesOn ? burst.sum + value : value };
    layoutShift = Math.max(layoutShift, burst.sum);
  });
  const eachFrame = (at: number): void => {
    noticed.frames.push(at);
    if (Number.isNaN(chartAt) && Number(document.querySelector<HTMLElement>('.chart')?.dataset['hours'] ?? 0) > 0)
      afterFrame(() => (chartAt = Number.isNaN(chartAt) ? wallClock() : chartAt));
    requestAnimationFrame(eachFrame);
  };
  requestAnimationFrame(eachFrame);

  const priceOf = (node: Node): HTMLElement | undefined =>
    node.parentElement?.closest<HTMLElement>('tr[data-coin] > [data-column="price"]') ?? undefined;
  new MutationObserver((changes) => {
    const cells = new Set(
      changes.flatMap(({ type, target }) => (type === 'characterData' ? (priceOf(target) ?? []) : [])),
    );
    if (cells.size === 0) return;
    const shown = [...cells].map((cell) => ({
      coin: cell.parentElement?.dataset['coin'] ?? '',
      text: cell.textContent.trim(),
    }));
    afterFrame(() => {
      const at = wallClock();
      for (const price of shown) noticed.painted.push({ ...price, at });
    });
  }).observe(document, { subtree: true, characterData: true });

  globalThis.probe = {
    take() {
      const taken = noticed;
      noticed = { painted: [], frames: [], longTasks: [] };
      return taken;
    },
    vitals: () => ({
      firstContentfulPaint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN,
      largestContentfulPaint: largest,
      layoutShift,
      chartAt,
    }),
  };
}
