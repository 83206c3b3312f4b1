/** What prices are in, as a head has room for, and in words. */
export interface Currency {
  readonly sign: string;
  readonly name: string;
}

/** By the code that the source was asked for; undefined, as of a recording, is as in the market that is shipped. */
export function currencyOf(code: string | undefined): Currency {
  if (code === undefined) return { sign: '$', name: 'US dollars (a recording: in Tether)' };
  if (code.toLowerCase() === 'usd') return { sign: '$', name: 'US dollars' };
  return { sign: code.toUpperCase(), name: code.toUpperCase() };
}
