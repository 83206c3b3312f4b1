const PER_LINE = 16;

export interface HexLine {
  /** Where the line begins. */
  readonly at: string;
  readonly hex: string;
  /** Printable ASCII as it is, anything else as a point. */
  readonly text: string;
}

/** The bytes as people look at bytes: sixteen a line, with where they are and what they may be. */
export function hexDump(bytes: Uint8Array): readonly HexLine[] {
  const lines: HexLine[] = [];
  for (let at = 0; at < bytes.length; at += PER_LINE) {
    const line = [...bytes.subarray(at, at + PER_LINE)];
    lines.push({
      at: at.toString(16).padStart(8, '0'),
      hex: line.map((byte) => byte.toString(16).padStart(2, '0')).join(' '),
      text: line.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·')).join(''),
    });
  }
  return lines;
}
