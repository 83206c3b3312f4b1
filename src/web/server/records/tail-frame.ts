import type { ShownRecord, TailFrame, TailWish } from '../../pipeline-contract.ts';

const MAX_RECORDS = 50;
const MAX_CHARACTERS = 65_536;

/** What somebody is told of the records: those that the filter finds, the newest first to be kept, as many as a frame takes. */
export function tailFrame(
  wish: TailWish,
  records: readonly ShownRecord[],
  { skipped, failure }: { readonly skipped: number; readonly failure: string | undefined },
): TailFrame {
  const wanted = wish.filter.toLowerCase();
  const found = records.filter((record) => wanted === '' || textOf(record).includes(wanted));
  const taken: ShownRecord[] = [];
  let characters = 0;
  for (const record of found.toReversed()) {
    characters += (record.value?.length ?? 0) + (record.key?.length ?? 0);
    if (taken.length === MAX_RECORDS || (characters > MAX_CHARACTERS && taken.length > 0)) break;
    taken.push(record);
  }
  return {
    topic: wish.topic,
    records: taken.reverse(),
    skipped: skipped + found.length - taken.length,
    ...(failure !== undefined && { failure }),
  };
}

/** In small letters; found once for each record, however many look for something in it. */
function textOf(record: ShownRecord): string {
  let text = texts.get(record);
  if (text === undefined) {
    const headers = record.headers.map(([name, value]) => `${name}: ${value}`).join('\n');
    text = `${record.key ?? ''}\n${headers}\n${record.value ?? ''}`.toLowerCase();
    texts.set(record, text);
  }
  return text;
}

const texts = new WeakMap<ShownRecord, string>();
