import { readReplay } from '../../streams/replay/claim-replay.ts';
import { readPromotion } from '../../streams/replay/promotion-record.ts';
import { ReplayProgress } from '../../streams/replay/replay-progress.ts';
import { combineShape } from '../../streams/stages/flow.ts';
import { readStagePosition } from '../../streams/task/positions.ts';
import { topicNames } from '../../streams/topics.ts';
import { PulseError } from '../../errors.ts';
import type { Context } from '../context.ts';
import { mayHaveLog, openToRead } from '../namespace-log.ts';
import { namespaceText } from './replay-contexts.ts';

/** `pulse replay --status`: how far the replay in a namespace is, and the newest promotion of the live one; whoever runs them. */
export async function replayStatus(live: Context, target: Context, json: boolean): Promise<void> {
  const replay = await replayOf(target);
  const promotion = await promotionOf(live);
  if (json) return void (await live.out.result(JSON.stringify({ kind: 'status', replay, promotion })));
  await live.out.result(
    replay === null ? `no replay in ${namespaceText(target.config.settings.namespace)}` : replayText(replay),
  );
  await live.out.result(promotion === null ? 'no promotion' : promotionText(promotion));
}

interface ReplayState {
  readonly namespace: string;
  readonly of: string;
  readonly from: string;
  readonly records: number;
  readonly total: number;
  readonly startedAt: string;
  readonly finishedAt: string | null;
}

async function replayOf(target: Context): Promise<ReplayState | null> {
  const { namespace } = target.config.settings;
  if (!mayHaveLog(target)) return null;
  const log = await openToRead(target);
  try {
    const names = topicNames(namespace);
    const input = await readReplay(log, names.positions);
    if (input === undefined) return null;
    const { name } = combineShape(names);
    const positions = input.ranges.map(async (_, partition) => {
      const at = { topic: input.topic, partition };
      return (await readStagePosition(log, names.positions, name, at))?.offset;
    });
    const { done, total } = new ReplayProgress(input.ranges).look(0, await Promise.all(positions), null);
    const { of, source: from, startedAt, finishedAt } = input;
    return { namespace, of, from, records: done, total, startedAt, finishedAt };
  } finally {
    await log.close();
  }
}

interface PromotionState {
  readonly namespace: string;
  readonly done: number;
  readonly partitions: number;
}

async function promotionOf(live: Context): Promise<PromotionState | null> {
  const { namespace } = live.config.settings;
  if (!mayHaveLog(live)) throw new PulseError('unknown-topic', `${namespaceText(namespace)} holds no quotes yet`);
  const log = await openToRead(live);
  try {
    const found = await readPromotion(log, topicNames(namespace));
    return found === undefined
      ? null
      : { namespace: found.namespace, done: found.done.length, partitions: found.positions.length };
  } finally {
    await log.close();
  }
}

function replayText({ namespace, of, from, records, total, startedAt, finishedAt }: ReplayState): string {
  const what = `replay of ${namespaceText(of)} into ${namespaceText(namespace)} (${from}), begun at ${startedAt}`;
  return `${what}: ${records} of ${total} records${finishedAt === null ? '' : `, finished at ${finishedAt}`}`;
}

const promotionText = ({ namespace, done, partitions }: PromotionState): string =>
  `promotion of ${namespaceText(namespace)}: ${done} of ${partitions} partitions`;
