/** 250 coins, each quoted once a second: an hour of the market passes in a minute. */
export const simulatedMarket: readonly string[] = ['start', '--source', 'simulated', '--speed', '60'];
