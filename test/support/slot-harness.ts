import { TaskSlot, type TaskSlotOptions } from '../../src/streams/task/task-slot.ts';
import { POSITIONS, type ScriptedSource, TRANSACTIONAL_ID } from './task-harness.ts';

type Given = Pick<TaskSlotOptions, 'log' | 'stage' | 'onNotice' | 'onHalt'>;

/** A slot on a source that waits for nothing, unless told otherwise, and is stopped when the source has no more. */
export function slotOn(source: ScriptedSource, options: Given & Partial<TaskSlotOptions>): TaskSlot {
  const slot = new TaskSlot({
    ...{ source, transactionalId: TRANSACTIONAL_ID, group: 'test-group', positionsTopic: POSITIONS },
    ...{ clock: source.clock, policy: { intervalMs: 100, records: 1_000 } },
    sleep: () => Promise.resolve(),
    ...options,
  });
  source.onEmpty(() => void slot.stop('commit'));
  return slot;
}
