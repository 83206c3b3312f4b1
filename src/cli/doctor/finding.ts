/** What a check found: fine; not fine, but a run works; or a reason why a run fails. With what to do. */
export interface Finding {
  readonly verdict: 'ok' | 'note' | 'fault';
  readonly text: string;
}

export const ok = (text: string): Finding => ({ verdict: 'ok', text });
export const note = (text: string): Finding => ({ verdict: 'note', text });
export const fault = (text: string): Finding => ({ verdict: 'fault', text });
