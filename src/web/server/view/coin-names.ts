import type { CoinName } from '../../contract.ts';

const MAX_LENGTH = 100;
const MAX_ID_LENGTH = 512;
/** Beyond this many, those learnt first are forgotten. */
const MAX_NAMES = 20_000;

/** What the source calls its coins, in bounded memory. */
export class CoinNames {
  readonly #names = new Map<string, CoinName>();

  get(coin: string): CoinName | undefined {
    return this.#names.get(coin);
  }

  all(): readonly CoinName[] {
    return [...this.#names.values()];
  }

  /** Learns from one element of /coins/markets, as it came; the coin that has a name now, undefined where it gives none. */
  learn(element: Buffer): string | undefined {
    const quote = objectOf(element);
    const coin = textOf(quote?.['id'], MAX_ID_LENGTH);
    const name = textOf(quote?.['name'], MAX_LENGTH);
    if (coin === undefined || name === undefined) return undefined;
    this.#names.delete(coin);
    this.#names.set(coin, { coin, name, symbol: textOf(quote?.['symbol'], MAX_LENGTH)?.toUpperCase() ?? null });
    for (const oldest of this.#names.keys()) {
      if (this.#names.size <= MAX_NAMES) break;
      this.#names.delete(oldest);
    }
    return coin;
  }
}

function objectOf(bytes: Buffer): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    // Whatever is no JSON is a dead letter elsewhere, and names nobody.
    return undefined;
  }
}

/** The text without blanks around it; undefined where there is none, or where it is too long. */
function textOf(value: unknown, longest: number): string | undefined {
  const text = typeof value === 'string' ? value.trim() : '';
  return text === '' || text.length > longest ? undefined : text;
}
