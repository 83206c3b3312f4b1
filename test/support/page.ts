import type { RunningPulse } from './pulse.ts';

/** The address of the page that a running command serves. */
export async function pageOf(running: RunningPulse): Promise<string> {
  return (await running.said(/the page is at http:\S+/)).replace('the page is at ', '');
}

/** The body of an answer of the page's API; it is expected to be 200. */
export async function get(url: string): Promise<unknown> {
  const answer = await fetch(url);
  if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
  return answer.json();
}

/** Asks until the answer is as wanted. */
export async function getUntil<Body>(url: string, isWanted: (body: Body) => boolean): Promise<Body> {
  for (;;) {
    const answer = await fetch(url);
    const body = answer.status === 200 ? ((await answer.json()) as Body) : undefined;
    if (body !== undefined && isWanted(body)) return body;
    await new Promise((wake) => setTimeout(wake, 50));
  }
}
