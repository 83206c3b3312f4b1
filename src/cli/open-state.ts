import type { StateEnvironment } from '../state/environment.ts';
import { openLmdbState } from '../state/lmdb/lmdb-environment.ts';
import { HOUR_STATE_VERSION } from '../streams/3-silver/hour-state.ts';
import type { Log } from '../streams/log/log.ts';
import { claimFolder } from './claim-folder.ts';
import type { Context } from './context.ts';
import { isOnKafka, stateFolder } from './namespace-log.ts';

/** Stage 2's state, and how it is closed. */
export interface OpenedState {
  readonly state: StateEnvironment;
  readonly close: () => Promise<void>;
}

/**
 * Opens stage 2's state; what was there of another log or version is discarded, and said so. The processes that share a
 * cluster have a folder each: a partition that moves from one to the other is never in the hands of both.
 */
export async function openState(context: Context, log: Log): Promise<OpenedState> {
  const { config, out } = context;
  const folder = isOnKafka(context) ? claimFolder(stateFolder(context)) : undefined;
  try {
    const state = await openLmdbState({
      path: folder?.path ?? stateFolder(context),
      identity: { log: log.identity, namespace: config.settings.namespace, version: HOUR_STATE_VERSION },
      onDiscard: out.say,
    });
    const close = async (): Promise<void> => {
      await state.close();
      folder?.release();
    };
    return { state, close };
  } catch (error) {
    folder?.release();
    throw error;
  }
}
