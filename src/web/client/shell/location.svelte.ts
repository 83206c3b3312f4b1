import { formatPlace, parsePlace, type Place } from './place.ts';

/** The place as the page's state; the address bar follows it. */
class Location {
  place: Place = $state.raw(parsePlace(window.location.search));

  constructor() {
    window.addEventListener('popstate', () => (this.place = parsePlace(window.location.search)));
  }

  go(change: Partial<Place>): void {
    this.place = { ...this.place, ...change };
    window.history.replaceState(null, '', `${window.location.pathname}${formatPlace(this.place)}`);
  }
}

export const location = new Location();
