import { PulseError } from '../../errors.ts';
import type { Log } from '../../streams/log/log.ts';
import { readReplay } from '../../streams/replay/claim-replay.ts';
import { isPending, type PromotionRecord, readPromotion } from '../../streams/replay/promotion-record.ts';
import type { Promotion } from '../../streams/stages/rebuilt-hours.ts';
import { topicNames } from '../../streams/topics.ts';
import type { Context } from '../context.ts';
import { mayHaveLog, type NamespaceLog, openToRead } from '../namespace-log.ts';
import { openRows } from '../open-rows.ts';
import { inOtherNamespace, namespaceText } from './replay-contexts.ts';

/** What stage 2 has to take over before it processes anything more. */
export interface OpenedPromotion {
  readonly promotion: Promotion | undefined;
  close(): Promise<void>;
}

/**
 * Opens the rebuilt tables that were promoted and are not in the live ones yet, where there are any. Rejects with
 * `promotion-outdated` where they are not there any more: in their place lies nothing, or a replay that was begun since.
 */
export async function openPromotion(live: Context, { log, names }: NamespaceLog): Promise<OpenedPromotion> {
  const found = await readPromotion(log, names);
  if (found === undefined || !isPending(found)) return { promotion: undefined, close: () => Promise.resolve() };
  const { id, namespace, positions } = found;
  const rebuilt = inOtherNamespace(live, namespace);
  if (!mayHaveLog(rebuilt)) throw outdated(found);
  const rebuiltLog = await openToRead(rebuilt);
  try {
    if (!(await isThere(rebuiltLog, found))) throw outdated(found);
    const rows = await openRows(rebuilt);
    return {
      promotion: { ...{ id, positions, rows }, log: rebuiltLog, names: topicNames(namespace) },
      close: () => rebuiltLog.close(),
    };
  } catch (error) {
    await rebuiltLog.close();
    throw error;
  }
}

/** Whether the namespace, whose log it is, still holds the replay that is to be promoted. */
async function isThere(rebuilt: Log, { namespace, begunAt }: PromotionRecord): Promise<boolean> {
  return (await readReplay(rebuilt, topicNames(namespace).positions))?.startedAt === begunAt;
}

const outdated = ({ namespace }: PromotionRecord): PulseError =>
  new PulseError(
    'promotion-outdated',
    `${namespaceText(namespace)} was being promoted, and does not hold that replay any more: replay into it, and promote it again`,
  );
