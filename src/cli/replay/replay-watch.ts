import { z } from 'zod';
import type { Log } from '../../streams/log/log.ts';
import { readReplay } from '../../streams/replay/claim-replay.ts';
import type { FrozenInput } from '../../streams/replay/frozen-input.ts';
import { type ReplayFigures, ReplayProgress } from '../../streams/replay/replay-progress.ts';
import { combineShape } from '../../streams/stages/flow.ts';
import { readPositions, readStagePosition } from '../../streams/task/positions.ts';
import { type TopicNames, topicNames } from '../../streams/topics.ts';
import type { ReplayState } from '../../web/replay-contract.ts';

/** Of the report that a replay appends to `pulse.tasks` once a second. */
const report = z.object({
  state: z.string(),
  reported_at: z.iso.datetime(),
  event_time: z.iso.datetime().nullable(),
});

const REPORT_KEY = 'ingest|replay';
const PARTITION = 0;
/** One that was silent for longer is worked on by nobody. */
const SILENT_MS = 15_000;
/** Rates are over the last looks: after a longer rest they begin anew. */
const REST_MS = 15_000;

/** Looks at a namespace from time to time, whether it replays another one and how far that is. */
export class ReplayWatch {
  readonly #namespace: string;
  readonly #of: string;
  readonly #liveLog: string;
  readonly #names: TopicNames;
  #progress: { readonly of: string; readonly figures: ReplayProgress } | undefined;
  #lookedAt = -Infinity;

  /** `of` is the namespace whose replays are looked for, `liveLog` its log's identity. */
  constructor(namespace: string, of: string, liveLog: string) {
    this.#namespace = namespace;
    this.#of = of;
    this.#liveLog = liveLog;
    this.#names = topicNames(namespace);
  }

  /** Undefined where it is no replay of that namespace. */
  async look(log: Log, now: number): Promise<Omit<ReplayState, 'diff'> | undefined> {
    const input = await readReplay(log, this.#names.positions);
    if (input?.of !== this.#of || input.log !== this.#liveLog) return undefined;
    const { partitions, done, total, perSecond, leftMs } = await this.#figures(log, input, now);
    const told = await this.#report(log);
    const isRunning =
      input.finishedAt === null && told?.state === 'running' && now - Date.parse(told.reported_at) < SILENT_MS;
    return {
      ...{ namespace: this.#namespace, of: input.of, from: input.source, partitions, done, total, isRunning },
      startedAt: Date.parse(input.startedAt),
      finishedAt: input.finishedAt === null ? null : Date.parse(input.finishedAt),
      perSecond: isRunning ? perSecond : null,
      leftMs: isRunning ? leftMs : null,
      eventTime: told?.event_time == null ? null : Date.parse(told.event_time),
    };
  }

  async #figures(log: Log, input: FrozenInput, now: number): Promise<ReplayFigures> {
    if (this.#progress?.of !== input.startedAt || now - this.#lookedAt > REST_MS)
      this.#progress = { of: input.startedAt, figures: new ReplayProgress(input.ranges) };
    this.#lookedAt = now;
    const { name } = combineShape(this.#names);
    const positions = input.ranges.map(async ({ end }, partition) => {
      if (input.finishedAt !== null) return end;
      const at = { topic: input.topic, partition };
      return (await readStagePosition(log, this.#names.positions, name, at))?.offset;
    });
    return this.#progress.figures.look(now, await Promise.all(positions), null);
  }

  async #report(log: Log): Promise<z.infer<typeof report> | undefined> {
    return report.safeParse((await readPositions(log, this.#names.tasks, PARTITION)).get(REPORT_KEY)).data;
  }
}
