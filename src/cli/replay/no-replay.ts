import { PulseError } from '../../errors.ts';
import type { Log } from '../../streams/log/log.ts';
import type { Context } from '../context.ts';
import { ReplayBoard } from './replay-board.ts';
import { namespaceText, replayNamespace } from './replay-contexts.ts';

/** That the namespace holds no replay, with those that do hold one of the live namespace, and how one is made. */
export async function noReplay(live: Context, liveLog: Log, namespace: string): Promise<PulseError> {
  const of = live.config.settings.namespace;
  const { replays } = await new ReplayBoard(live, liveLog).read();
  const there = replays
    .map((replay) => replay.namespace)
    .sort()
    .map((name) => name || 'the default one');
  const found =
    there.length === 0
      ? `there is none of ${namespaceText(of)} yet`
      : `those of ${namespaceText(of)} are in ${there.join(', ')}`;
  const into = namespace === replayNamespace(of) ? '' : ` --namespace ${namespace || "''"}`;
  return new PulseError(
    'wrong-namespace-kind',
    `${namespaceText(namespace)} holds no replay: ${found}; pulse replay${of === '' ? '' : ` --of ${of}`}${into} makes one`,
  );
}
