import type { StateEnvironment } from '../state/environment.ts';
import { openLmdbState } from '../state/lmdb/lmdb-environment.ts';
import { HOUR_STATE_VERSION } from '../streams/3-silver/hour-state.ts';
import type { Log } from '../streams/log/log.ts';
import { topicNames } from '../streams/topics.ts';
import { type ClaimedFolder, claimFolder } from './claim-folder.ts';
import type { Context } from './context.ts';
import { isOnKafka, stateFolder } from './namespace-log.ts';

/** Stage 2's state, and how it is closed. */
export interface OpenedState {
  readonly state: StateEnvironment;
  readonly close: () => Promise<void>;
}

/** The folder that this process keeps state in, where others on the same machine may share the cluster: each has its own. */
export const claimStateFolder = (context: Context): ClaimedFolder | undefined =>
  isOnKafka(context) ? claimFolder(stateFolder(context)) : undefined;

/**
 * Opens stage 2's state, in the folder given (of a worker, by the process that claimed it) or in this process's own; what
 * was there of another log, changelog or version is discarded, and said so. A partition that moves from one process or worker to
 * another is never in the hands of both.
 */
export async function openState(context: Context, log: Log, given?: string): Promise<OpenedState> {
  const { config, out } = context;
  const folder = given === undefined ? claimStateFolder(context) : undefined;
  try {
    const { namespace } = config.settings;
    const changelog = await log.topics.id(topicNames(namespace).prices);
    const state = await openLmdbState({
      path: given ?? folder?.path ?? stateFolder(context),
      identity: { log: log.identity, namespace, changelog, version: HOUR_STATE_VERSION },
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
