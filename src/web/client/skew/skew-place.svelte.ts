import { router } from '../shell/router.svelte.ts';

const PATH = '/skew';

/** The query's run; null: the newest. */
export const runOf = (search: string): string | null => new URLSearchParams(search).get('run');

/** Which run somebody looks at; the address bar follows. */
class Place {
  run: string | null = $state(runOf(router.searchOf(PATH)));

  constructor() {
    router.onArrival(PATH, (search) => (this.run = runOf(search)));
  }

  go(run: string | null): void {
    this.run = run;
    router.replace(PATH, run === null ? '' : `?run=${encodeURIComponent(run)}`);
  }
}

export const skewPlace = new Place();
