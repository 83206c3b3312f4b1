const SHOWN_MS = 6000;

/** What just happened, for a few seconds. */
export class Notice {
  text: string | null = $state(null);
  #timer: ReturnType<typeof setTimeout> | undefined;

  say(text: string): void {
    clearTimeout(this.#timer);
    this.text = text;
    this.#timer = setTimeout(() => (this.text = null), SHOWN_MS);
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.text = null;
  }
}
