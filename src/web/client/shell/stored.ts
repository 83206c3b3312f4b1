/** What a person chose on this browser, or what is usual where storage is off or holds something else. */
export function readStored<const Choice extends string>(
  name: string,
  choices: readonly Choice[],
  usual: Choice,
): Choice {
  try {
    const stored = localStorage.getItem(`pulse.${name}`);
    return choices.find((choice) => choice === stored) ?? usual;
  } catch {
    return usual;
  }
}

export function writeStored(name: string, value: string): void {
  try {
    localStorage.setItem(`pulse.${name}`, value);
  } catch {
    // Storage may be off: the choice lasts as long as the page.
  }
}
