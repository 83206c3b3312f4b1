import { PulseError } from '../../errors.ts';
import type { Log, OutputRecord } from '../log/log.ts';
import { readPositions } from '../task/positions.ts';
import { withPositionsWriter } from './positions-writer.ts';
import { FROZEN_KEY, type FrozenInput, parseFrozenInput } from './frozen-input.ts';

/** The partition of `pulse.positions` that holds what concerns a whole namespace. */
const PARTITION = 0;
const KIND_KEY = 'namespace';

/** The replay that the namespace holds; undefined where it holds none. */
export async function readReplay(log: Log, positionsTopic: string): Promise<FrozenInput | undefined> {
  if ((await log.topics.describe(positionsTopic)) === undefined) return undefined;
  const found = (await readPositions(log, positionsTopic, PARTITION)).get(FROZEN_KEY);
  return found === undefined ? undefined : parseFrozenInput(found, positionsTopic);
}

/**
 * Claims the namespace for a replay of what `freeze` tells, or finds the one that it was claimed for before. Rejects with
 * `wrong-namespace-kind` where it holds anything else: a rebuilt table is never mixed with what came in.
 */
export async function claimReplay(
  log: Log,
  positionsTopic: string,
  freeze: () => Promise<FrozenInput>,
): Promise<FrozenInput> {
  return withPositionsWriter(log, positionsTopic, async (commit) => {
    const positions = await readPositions(log, positionsTopic, PARTITION);
    const found = positions.get(FROZEN_KEY);
    if (found !== undefined) return parseFrozenInput(found, positionsTopic);
    if (positions.has(KIND_KEY))
      throw new PulseError(
        'wrong-namespace-kind',
        `${positionsTopic} says that its namespace holds quotes of its own: it takes no replay, name another one with --namespace`,
      );
    const input = await freeze();
    await commit([record(positionsTopic, KIND_KEY, { kind: 'replayed' }), record(positionsTopic, FROZEN_KEY, input)]);
    return input;
  });
}

/** Notes another end, or that everything up to it was processed. */
export const writeReplay = (log: Log, positionsTopic: string, input: FrozenInput): Promise<void> =>
  withPositionsWriter(log, positionsTopic, (commit) => commit([record(positionsTopic, FROZEN_KEY, input)]));

const record = (topic: string, key: string, value: object): OutputRecord => ({
  topic,
  partition: PARTITION,
  key,
  value: JSON.stringify(value),
});
