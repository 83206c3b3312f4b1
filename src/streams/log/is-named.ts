/** Whether the `size` bytes at `at` spell the name; no string is made to find out. */
export function isNamed(batch: Buffer, at: number, size: number, name: string): boolean {
  // An ASCII name has as many bytes as characters, and they are equal; any other is compared as text.
  if (size !== name.length) return Buffer.byteLength(name) === size && batch.toString('utf8', at, at + size) === name;
  for (let i = 0; i < size; i++) if (batch[at + i] !== name.charCodeAt(i)) return false;
  return true;
}
