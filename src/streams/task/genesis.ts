import { counted } from '../../counted.ts';
import { PulseError } from '../../errors.ts';
import type { Sleep } from '../clock/sleep.ts';
import type { Log, OutputRecord, TopicPartition, TransactionalWriter } from '../log/log.ts';
import { positionKey, positionRecord, readPositions } from './positions.ts';
import { inNamespace, type Namespace } from '../topics.ts';
import type { StageShape } from './stage.ts';

/** The transactional id with which first positions are written. */
export const genesisId = (namespace: Namespace): string => inNamespace(namespace, 'pulse-genesis');

export interface FirstPositions {
  readonly positionsTopic: string;
  /** Of `genesisId`. */
  readonly transactionalId: string;
  readonly stages: readonly StageShape[];
  /** Of every stage's input. */
  readonly partitions: number;
  readonly sleep: Sleep;
}

/** Who was fenced leaves whoever did it alone for so long: else they fence each other for ever. */
const PATIENCE_MS = 1000;
const LOOK_EVERY_MS = 50;
/** A commit may fail in passing while another process opens the same id; a log that is away stays away. */
const ATTEMPTS = 5;

/**
 * Gives every partition of a stage that never ran its first position: where its input begins. From then on a missing
 * position is an error, never a reason to start over: outputs without positions would be counted twice. Where several
 * processes do this at once, the last to begin wins, and the others wait and find that it is done.
 *
 * Rejects with `position-missing` where the stage has outputs but no position at all. Of outputs that another stage with
 * positions writes as well nobody can tell whose they are: there, the stage's input must never have held anything.
 */
export async function ensurePositions(log: Log, first: FirstPositions): Promise<void> {
  let patienceMs = 0;
  for (let failures = 0; ;) {
    if (await areKnown(log, first, patienceMs)) return;
    const writer = await log.writer(first.transactionalId);
    try {
      await writeFirst(log, writer, first);
      return;
    } catch (error) {
      if (!(error instanceof PulseError)) throw error;
      if (error.code !== 'fenced' && !(error.code === 'log-unavailable' && ++failures < ATTEMPTS)) throw error;
      patienceMs = PATIENCE_MS;
    } finally {
      await writer.close();
    }
  }
}

/** Whether every stage has positions, now or within a while. */
async function areKnown(log: Log, first: FirstPositions, patienceMs: number): Promise<boolean> {
  const { positionsTopic, stages, partitions, sleep } = first;
  for (let waited = 0; ; waited += LOOK_EVERY_MS) {
    const known = await knownKeys(log, positionsTopic, partitions);
    if (stages.every((stage) => isKnown(known, stage, partitions))) return true;
    if (waited >= patienceMs) return false;
    await sleep(LOOK_EVERY_MS);
  }
}

async function writeFirst(log: Log, writer: TransactionalWriter, first: FirstPositions): Promise<void> {
  const { positionsTopic, stages, partitions } = first;
  // Whoever else was about to do the same is fenced by now: what is known now is decided.
  const known = await knownKeys(log, positionsTopic, partitions);
  const records: OutputRecord[] = [];
  for (const stage of stages) {
    if (isKnown(known, stage, partitions)) continue;
    const others = stages.filter((each) => isKnown(known, each, partitions)).flatMap(({ outputs }) => outputs);
    await refuseOutputs(log, stage, new Set(others), partitions);
    const topicId = await log.topics.id(stage.input);
    for (const at of inputsOf(stage.input, partitions)) {
      const { start } = await log.bounds(at);
      records.push(positionRecord(positionsTopic, { stage: stage.name, ...at, offset: start, topicId, carried: {} }));
    }
  }
  if (records.length > 0) await writer.commit(records);
}

const isKnown = (known: ReadonlySet<string>, { name, input }: StageShape, partitions: number): boolean =>
  inputsOf(input, partitions).some((at) => known.has(positionKey(name, at)));

const inputsOf = (topic: string, partitions: number): readonly TopicPartition[] =>
  Array.from({ length: partitions }, (_, partition) => ({ topic, partition }));

async function knownKeys(log: Log, topic: string, partitions: number): Promise<ReadonlySet<string>> {
  const keys = new Set<string>();
  for (let partition = 0; partition < partitions; partition++)
    for (const key of (await readPositions(log, topic, partition)).keys()) keys.add(key);
  return keys;
}

/** What others write to, too, may hold theirs; `knownOutputs` are those of stages that have positions. */
async function refuseOutputs(
  log: Log,
  stage: StageShape,
  knownOutputs: ReadonlySet<string>,
  partitions: number,
): Promise<void> {
  const own = stage.outputs.filter((topic) => !knownOutputs.has(topic));
  // A stage that has come after the others has read nothing, if its input never held anything.
  for (const topic of own.length > 0 ? own : [stage.input])
    for (let partition = 0; partition < partitions; partition++) {
      const { end } = await log.bounds({ topic, partition });
      if (end > 0)
        throw new PulseError(
          'position-missing',
          `${topic}[${partition}] holds ${counted(end, 'record')} of the stage ${stage.name}, which has no position: ` +
            'processing from the start would count its input twice; restore the positions, or reset the namespace',
        );
    }
}
