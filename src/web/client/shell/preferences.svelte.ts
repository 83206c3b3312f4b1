import type { Zone } from '../format/time.ts';
import { readStored, writeStored } from './stored.ts';

export type Theme = 'dark' | 'light';

/** What a person set for every visit. */
class Preferences {
  theme: Theme = $state(document.documentElement.dataset['theme'] === 'light' ? 'light' : 'dark');
  zone: Zone = $state(readStored('zone', ['utc', 'local'], 'utc'));

  /** Keys without a modifier do something: whoever speaks to the browser may want them off (WCAG 2.1.4). */
  shortcuts: 'on' | 'off' = $state(readStored('shortcuts', ['on', 'off'], 'on'));

  toggleTheme(): void {
    this.theme = this.theme === 'dark' ? 'light' : 'dark';
    document.documentElement.dataset['theme'] = this.theme;
    writeStored('theme', this.theme);
  }

  toggleZone(): void {
    this.zone = this.zone === 'utc' ? 'local' : 'utc';
    writeStored('zone', this.zone);
  }

  toggleShortcuts(): void {
    this.shortcuts = this.shortcuts === 'on' ? 'off' : 'on';
    writeStored('shortcuts', this.shortcuts);
  }
}

export const preferences = new Preferences();
