const LONGEST = 60;

/**
 * The beginning of some bytes as text for a message: one line of at most 60 characters, whatever the bytes are, with
 * every run of spaces, line breaks, control and other invisible characters as one space.
 */
export function excerpt(bytes: Buffer, start = 0, end = bytes.length): string {
  const cut = Math.min(end, start + 4 * LONGEST);
  const line = bytes
    .toString('utf8', start, cut)
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .trim();
  const characters = Array.from(line);
  return characters.length <= LONGEST && cut === end ? line : `${characters.slice(0, LONGEST - 1).join('')}…`;
}
