/** Which coins are polled: these, or the so many largest by market cap. */
export type CoinSelection =
  { readonly kind: 'ids'; readonly ids: readonly string[] } | { readonly kind: 'top'; readonly count: number };

const ELEMENTS_A_PAGE = 250;
/** Keeps the whole address below what proxies take. */
const IDS_LENGTH = 7000;

/** The query strings of the `/coins/markets` calls that one poll takes. */
export function marketsQueries(coins: CoinSelection, vsCurrency: string): readonly string[] {
  const base = `vs_currency=${encodeURIComponent(vsCurrency)}&order=market_cap_desc&sparkline=false`;
  if (coins.kind === 'ids') {
    return idGroups(coins.ids).map((ids) => `${base}&per_page=${ELEMENTS_A_PAGE}&page=1&ids=${ids}`);
  }
  // Pages of equal size that together hold hardly more than is wanted.
  const pages = Math.ceil(coins.count / ELEMENTS_A_PAGE);
  const size = Math.ceil(coins.count / pages);
  return Array.from({ length: pages }, (_, page) => `${base}&per_page=${size}&page=${page + 1}`);
}

/** The ids without repetitions, encoded and joined, in groups that fit a page and an address. */
function idGroups(ids: readonly string[]): readonly string[] {
  const groups: string[][] = [];
  let length = Infinity;
  for (const id of new Set(ids)) {
    const encoded = encodeURIComponent(id);
    const group = groups.at(-1);
    length += encoded.length + 3;
    if (group === undefined || group.length === ELEMENTS_A_PAGE || length > IDS_LENGTH) {
      groups.push([encoded]);
      length = encoded.length;
    } else group.push(encoded);
  }
  return groups.map((group) => group.join('%2C'));
}
