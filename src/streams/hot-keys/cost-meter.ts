import type { StageReport } from '../task/reports.ts';
import type { RecordCosts } from './lane-demand.ts';
import { median } from './median.ts';

/** Fewer records than this say too little of what one costs: clocks count milliseconds. */
const LEAST_RECORDS = 2_000;

/**
 * What a detour is taken to cost until one is measured, in microseconds. `npm run bench -- skew` finds 1.5 to send and 0.4 to
 * receive a quote of 850 bytes between threads; the rest stands for the log, and has not been measured.
 */
export const assumedDetour = { sendUs: 2, receiveUs: 2 };

/** What is known of one task since its costs were last worked out. */
interface Stretch {
  readonly from: StageReport;
  readonly costUs: number | undefined;
}

/**
 * What a record costs, from the reports of the tasks: work from those that forward nothing, sending from those that do, and
 * receiving from those on `pulse.hot`. The medians over tasks, each over its last stretch of enough records.
 */
export class CostMeter {
  readonly #stage: string;
  readonly #work = new Map<string, Stretch>();
  readonly #send = new Map<string, Stretch>();
  readonly #receive = new Map<string, Stretch>();

  /** `stage`: the name of the stage that forwards. */
  constructor(stage: string) {
    this.#stage = stage;
  }

  hear(report: StageReport): void {
    if (report.unbundled !== undefined) this.#learn(this.#receive, report, costOfUnbundled);
    if (report.stage !== this.#stage) return;
    this.#learn(this.#work, report, costOfWork);
    const workUs = this.#median(this.#work);
    if (workUs !== undefined) this.#learn(this.#send, report, (from, to) => costOfSending(from, to, workUs));
  }

  /** Undefined before the work on a record has been measured. */
  costs(): RecordCosts | undefined {
    const workUs = this.#median(this.#work);
    if (workUs === undefined) return undefined;
    const receivedUs = this.#median(this.#receive);
    return {
      workUs,
      sendUs: this.#median(this.#send) ?? assumedDetour.sendUs,
      receiveUs: receivedUs === undefined ? assumedDetour.receiveUs : Math.max(0, receivedUs - workUs),
    };
  }

  /** `cost` says 'reset' where the two reports can't be compared, and undefined where there is too little between them. */
  #learn(into: Map<string, Stretch>, report: StageReport, cost: Cost): void {
    const known = into.get(report.task);
    const isSame = known !== undefined && known.from.owner === report.owner && known.from.work_ms <= report.work_ms;
    const found = isSame ? cost(known.from, report) : 'reset';
    if (found === undefined) return;
    into.set(report.task, { from: report, costUs: found === 'reset' ? known?.costUs : found });
  }

  #median(of: ReadonlyMap<string, Stretch>): number | undefined {
    const known = [...of.values()].flatMap(({ costUs }) => costUs ?? []);
    return known.length === 0 ? undefined : median(known);
  }
}

type Cost = (from: StageReport, to: StageReport) => number | 'reset' | undefined;

const usOf = (from: StageReport, to: StageReport): number => (to.work_ms - from.work_ms) * 1_000;
const forwardedIn = (from: StageReport, to: StageReport): number => (to.forwarded ?? 0) - (from.forwarded ?? 0);

const costOfWork: Cost = (from, to) => {
  const records = to.records - from.records;
  if (records < 0 || forwardedIn(from, to) !== 0) return 'reset';
  return records < LEAST_RECORDS ? undefined : usOf(from, to) / records;
};

const costOfSending = (from: StageReport, to: StageReport, workUs: number): ReturnType<Cost> => {
  const forwarded = forwardedIn(from, to);
  const worked = to.records - from.records - forwarded;
  if (forwarded < 0 || worked < 0) return 'reset';
  return forwarded < LEAST_RECORDS ? undefined : Math.max(0, usOf(from, to) - worked * workUs) / forwarded;
};

const costOfUnbundled: Cost = (from, to) => {
  const records = (to.unbundled ?? 0) - (from.unbundled ?? 0);
  if (records < 0) return 'reset';
  return records < LEAST_RECORDS ? undefined : usOf(from, to) / records;
};
