import { router } from '../shell/router.svelte.ts';
import { formatPlace, parsePlace, type Place } from './place.ts';

const PATH = '/';

/** Where somebody is on the market page; the address bar follows. */
class MarketPlace {
  current: Place = $state.raw(parsePlace(router.searchOf(PATH)));

  constructor() {
    router.onArrival(PATH, (search) => (this.current = parsePlace(search)));
  }

  go(change: Partial<Place>): void {
    this.current = { ...this.current, ...change };
    router.replace(PATH, formatPlace(this.current));
  }
}

export const marketPlace = new MarketPlace();
