/** What to do about a table that can't be used as it lies there; Bronze may hold more than the log, so nobody is told to remove it. */
export const moveAway = (table: string): string =>
  `move the folder ${table} of the data folder away, and it is written anew from what the log holds`;
