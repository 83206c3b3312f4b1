import { readStoredText, writeStored } from '../shell/stored.ts';

const MAX_COINS = 1000;

/** The coins that a person marked with a star, on this browser. */
class WatchList {
  #coins: ReadonlySet<string> = $state.raw(new Set(coinsOf(readStoredText('watched'))));

  get coins(): ReadonlySet<string> {
    return this.#coins;
  }

  has(coin: string): boolean {
    return this.#coins.has(coin);
  }

  toggle(coin: string): void {
    const coins = new Set(this.#coins);
    if (!coins.delete(coin) && coins.size < MAX_COINS) coins.add(coin);
    this.#coins = coins;
    writeStored('watched', JSON.stringify([...coins]));
  }
}

/** Whatever else lies in the storage is no list. */
function coinsOf(text: string | null): readonly string[] {
  try {
    const stored: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(stored) ? stored.filter((coin) => typeof coin === 'string').slice(0, MAX_COINS) : [];
  } catch {
    return [];
  }
}

export const watchList = new WatchList();
