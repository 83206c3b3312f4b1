/**
 * Where the records of a hot key go, one after the other: a cycle of lanes, each as often as its share. Lanes that come more
 * than once are spread out, so that any run of records is shared out alike.
 *
 * Source: smooth weighted round-robin, as in nginx's upstream module.
 */
export function spread(shares: ReadonlyMap<number, number>): readonly number[] {
  const lanes = [...shares].filter(([, share]) => share > 0).sort(([a], [b]) => a - b);
  const length = lanes.reduce((sum, [, share]) => sum + share, 0);
  const divisor = lanes.reduce((found, [, share]) => greatestDivisor(found, share), 0);
  if (divisor === 0) return [];
  const owed = new Map(lanes.map(([lane]) => [lane, 0]));
  return Array.from({ length: length / divisor }, () => {
    for (const [lane, share] of lanes) owed.set(lane, (owed.get(lane) ?? 0) + share);
    const [most] = [...owed].reduce((found, each) => (each[1] > found[1] ? each : found));
    owed.set(most, (owed.get(most) ?? 0) - length);
    return most;
  });
}

const greatestDivisor = (a: number, b: number): number => (b === 0 ? a : greatestDivisor(b, a % b));
