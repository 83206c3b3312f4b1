import type { Zone } from '../format/time.ts';
import { readStored, writeStored } from './stored.ts';

export type Theme = 'dark' | 'light';

/** What a person set for every visit. */
class Preferences {
  theme: Theme = $state(document.documentElement.dataset['theme'] === 'light' ? 'light' : 'dark');
  zone: Zone = $state(readStored('zone', ['utc', 'local'], 'utc'));

  toggleTheme(): void {
    this.theme = this.theme === 'dark' ? 'light' : 'dark';
    document.documentElement.dataset['theme'] = this.theme;
    writeStored('theme', this.theme);
  }

  toggleZone(): void {
    this.zone = this.zone === 'utc' ? 'local' : 'utc';
    writeStored('zone', this.zone);
  }
}

export const preferences = new Preferences();
