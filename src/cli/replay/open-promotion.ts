import { isPending, readPromotion } from '../../streams/replay/promotion-record.ts';
import type { Promotion } from '../../streams/stages/rebuilt-hours.ts';
import { topicNames } from '../../streams/topics.ts';
import type { Context } from '../context.ts';
import { type NamespaceLog, openToRead } from '../namespace-log.ts';
import { openRows } from '../open-rows.ts';
import { inOtherNamespace } from './replay-contexts.ts';

/** What stage 2 has to take over before it processes anything more. */
export interface OpenedPromotion {
  readonly promotion: Promotion | undefined;
  close(): Promise<void>;
}

/** Opens the rebuilt tables that were promoted and are not in the live ones yet, where there are any. */
export async function openPromotion(live: Context, { log, names }: NamespaceLog): Promise<OpenedPromotion> {
  const found = await readPromotion(log, names);
  if (found === undefined || !isPending(found)) return { promotion: undefined, close: () => Promise.resolve() };
  const { id, namespace, positions } = found;
  const rebuilt = inOtherNamespace(live, namespace);
  const rebuiltLog = await openToRead(rebuilt);
  const rows = await openRows(rebuilt);
  return {
    promotion: { ...{ id, positions, rows }, log: rebuiltLog, names: topicNames(namespace) },
    close: () => rebuiltLog.close(),
  };
}
