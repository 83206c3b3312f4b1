/** What a person chose on this browser, or what is usual where storage is off or holds something else. */
export function readStored<const Choice extends string>(
  name: string,
  choices: readonly Choice[],
  usual: Choice,
): Choice {
  const stored = readStoredText(name);
  return choices.find((choice) => choice === stored) ?? usual;
}

/** What is stored, as it is; null where nothing is, or storage is off. */
export function readStoredText(name: string): string | null {
  try {
    return localStorage.getItem(`pulse.${name}`);
  } catch {
    return null;
  }
}

export function writeStored(name: string, value: string): void {
  try {
    localStorage.setItem(`pulse.${name}`, value);
  } catch {
    // Storage may be off: the choice lasts as long as the page.
  }
}
