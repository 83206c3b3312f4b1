import type { ListedCoin } from './market-chart.ts';

/** The coins of some elements of `/coins/markets`, the largest market cap first and those without one last. */
export function listedCoins(elements: readonly Buffer[]): readonly ListedCoin[] {
  const coins = new Map<string, { readonly coin: ListedCoin; readonly marketCap: number }>();
  for (const element of elements) {
    const parsed: unknown = JSON.parse(element.toString('utf8'));
    if (typeof parsed !== 'object' || parsed === null) continue;
    const { id, symbol, name, market_cap: marketCap }: Readonly<Record<string, unknown>> = { ...parsed };
    if (typeof id !== 'string' || id === '') continue;
    const coin = { id, symbol: textOf(symbol), name: textOf(name) };
    coins.set(id, { coin, marketCap: typeof marketCap === 'number' ? marketCap : -1 });
  }
  return [...coins.values()].sort((a, b) => b.marketCap - a.marketCap).map(({ coin }) => coin);
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
