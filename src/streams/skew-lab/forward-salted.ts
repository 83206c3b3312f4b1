import { SpaceSaving } from '../hot-keys/space-saving.ts';
import { LabBundles } from './bundle.ts';
import type { ArenaReader } from './record-arena.ts';
import { heaviestOf, SKETCH_KEYS } from './heaviest-of.ts';
import type { SharedChunks } from './shared-chunks.ts';
import type { Forwarded, ForwardStep } from './steps.ts';

/** Each wave begins elsewhere in the cycles: those that are longer than a wave has records would favour their beginning. */
const STRIDE = 13;

/**
 * Deals the records of salted keys out: what leaves its home is copied into bundles, and the
 * numbers of the rest move to the front of the range.
 */
export function forwardSalted(
  arena: ArenaReader,
  chunks: SharedChunks,
  { task, wave, records, plan }: ForwardStep,
): Pick<Forwarded, 'bundles' | 'stayed' | 'heaviest'> {
  const sketch = new SpaceSaving(SKETCH_KEYS);
  const deals = new Map(
    plan.salted
      .filter(({ home }) => home === task)
      .map(({ key, cycle }) => [arena.keys.indexOf(key), { cycle, dealt: wave * STRIDE }]),
  );
  const order = new Uint32Array(records.numbers);
  const bundles = new LabBundles(task, chunks);
  let stayed = records.from;
  for (let at = records.from; at < records.to; at++) {
    const index = order[at] ?? 0;
    const keyNumber = arena.keyNumber(index);
    sketch.add(arena.keys[keyNumber] ?? '');
    const deal = deals.get(keyNumber);
    const to = deal?.cycle[deal.dealt++ % deal.cycle.length] ?? task;
    if (to === task) order[stayed++] = index;
    else bundles.add(to, arena.record(index));
  }
  return { bundles: bundles.take(), stayed: { ...records, to: stayed }, heaviest: heaviestOf(sketch) };
}
