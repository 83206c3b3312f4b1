import { readTopic } from './pulse.ts';

/** How many records were forwarded as hot keys', and how many of them have come out of bundles again. */
export async function detours(
  env: Readonly<Record<string, string>>,
): Promise<{ readonly forwarded: number; readonly unbundled: number }> {
  const sums = { forwarded: 0, unbundled: 0 };
  for (const { key, value } of await readTopic('pulse.positions', ['--latest-per-key'], env)) {
    const { carried } = value as { carried: { forwarded?: number; records?: number } };
    if (key?.startsWith('combine|')) sums.forwarded += carried.forwarded ?? 0;
    if (key?.startsWith('combine-hot|')) sums.unbundled += carried.records ?? 0;
  }
  return sums;
}
