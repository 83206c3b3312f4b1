/**
 * What became of the records of one input partition since it was first read. Nothing vanishes: `records`, counted where
 * they come in, equals the sum of the other three. They travel in the position's record, so they are exact across crashes.
 */
export interface QuoteCounts {
  records: number;
  ticks: number;
  no_quote: number;
  dead_letters: number;
}
