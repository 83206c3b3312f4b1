import { features, moverFeatures } from '../streams/4-gold/features.ts';
import { maintainStage, type MaintainStageOptions } from '../streams/stages/maintain-stage.ts';
import type { Stage } from '../streams/task/stage.ts';
import type { Context } from './context.ts';
import type { NamespaceLog } from './namespace-log.ts';
import { openRows } from './open-rows.ts';
import { openState } from './open-state.ts';
import { openPromotion } from './replay/open-promotion.ts';

export interface OpenMaintainOptions {
  /** The folder of the state; this process's own unless one is given. */
  readonly stateFolder?: string | undefined;
  readonly onUnreadable?: MaintainStageOptions['onUnreadable'];
}

/** Stage 2 with what it works on, and how that is closed. */
export interface OpenedMaintain {
  readonly stage: Stage;
  close(): Promise<void>;
}

/** Opens stage 2: its state, how rows are written, and what was promoted in its tables' place. */
export async function openMaintain(
  context: Context,
  opened: NamespaceLog,
  { stateFolder, onUnreadable }: OpenMaintainOptions,
): Promise<OpenedMaintain> {
  const { log, names } = opened;
  const rows = await openRows(context);
  const { state, close } = await openState(context, log, stateFolder);
  try {
    const promoted = await openPromotion(context, opened);
    const stage = maintainStage({
      ...{ log, names, state, rows, gold: { features, movers: moverFeatures }, onUnreadable },
      ...{ spec: { graceMs: context.config.settings.silver.grace_ms }, promotion: promoted.promotion },
      onNotice: context.out.say,
    });
    return { stage, close: () => promoted.close().finally(close) };
  } catch (error) {
    await close();
    throw error;
  }
}
