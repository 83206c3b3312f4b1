import type { Attachment } from 'svelte/attachments';
import type { Explanation } from './explanation.ts';

const HOVER_MS = 300;
const LEAVE_MS = 120;

/** The one explanation that is open, and what it explains. */
class Explainer {
  open: { readonly anchor: Element; readonly of: () => Explanation | undefined } | undefined = $state.raw();
  #timer: ReturnType<typeof setTimeout> | undefined;

  show(anchor: Element, of: () => Explanation | undefined, afterMs = 0): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (this.open = { anchor, of }), this.open ? 0 : afterMs);
  }

  /** Closes it after a moment, in which the pointer may move into it. */
  leave(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.close(), LEAVE_MS);
  }

  stay(): void {
    clearTimeout(this.#timer);
  }

  close(): void {
    clearTimeout(this.#timer);
    this.open = undefined;
  }
}

export const explainer = new Explainer();

/** Explains the element where it is pointed at or has the focus; `of` is asked when it opens and while it is open. */
export const explain =
  (of: () => Explanation | undefined): Attachment<HTMLElement> =>
  (element) => {
    const events = new AbortController();
    const { signal } = events;
    const on = (name: string, act: () => void): void => element.addEventListener(name, act, { signal });
    on('pointerenter', () => explainer.show(element, of, HOVER_MS));
    on('pointerleave', () => explainer.leave());
    on('focus', () => element.matches(':focus-visible') && explainer.show(element, of));
    on('blur', () => explainer.leave());
    return () => {
      events.abort();
      if (explainer.open?.anchor === element) explainer.close();
    };
  };
