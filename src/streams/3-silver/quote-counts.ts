/**
 * What became of the records of one input partition since it was first read. Nothing vanishes: the three add up to the
 * records taken in. They travel in the position's record, so they are exact across crashes.
 */
export interface QuoteCounts {
  ticks: number;
  no_quote: number;
  dead_letters: number;
}
