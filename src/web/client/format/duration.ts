/** How long something took, as exact as it is felt: `14 ms`, `12.4 s`. */
export const formatDuration = (ms: number): string =>
  ms < 9950 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
