import type { Column } from '../../contract.ts';

/** Whether a feature's figures compare between coins: a price does not, and hours say nothing of the market. */
export const isComparable = ({ unit }: Pick<Column, 'unit'>): boolean => unit !== 'price' && unit !== 'hours';
