/** A table whose rows others read, by the topic that holds it. */
export type RowTable = 'prices' | 'features' | 'movers';
