import type { ShownRecord } from '../../pipeline-contract.ts';

/** A record's value as people read it: JSON with its lines broken, where it is that and whole; else as it is. */
export function readableValue({ value, form }: Pick<ShownRecord, 'value' | 'form'>): string {
  if (value === null) return 'No value: it removes its key (a tombstone).';
  if (form === 'hex') return value;
  try {
    return JSON.stringify(JSON.parse(value), null, 2);
  } catch {
    return value;
  }
}

/** How the value's bytes became what is shown. */
export const formTexts: Readonly<Record<ShownRecord['form'], string>> = {
  text: 'text',
  avro: 'decoded from Avro',
  hex: 'bytes',
};
