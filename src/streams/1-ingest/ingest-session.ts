import { z } from 'zod';
import { PulseError } from '../../errors.ts';
import type { OutputRecord, TransactionalWriter } from '../log/log.ts';
import type { IngestReport, NamespaceKind } from '../task/reports.ts';
import { inNamespace, topics } from '../topics.ts';
import type { IngestOptions } from './ingest-source.ts';
import { readPositions } from '../task/positions.ts';

/** The partition of `pulse.positions` that holds the namespace's kind and the positions of the sources. */
const POSITIONS_PARTITION = 0;
const KIND_KEY = 'namespace';

/** A position record: where a source stands, by its key. */
export interface SourcePosition {
  readonly key: string;
  /** Anything that JSON can hold. */
  readonly value: Readonly<Record<string, unknown>>;
}

/** What the first commit into a namespace makes it hold; one of before currencies were told takes that of the next. */
const claimSchema = z.object({ kind: z.string(), currency: z.string().optional() });
type Claim = Readonly<{ kind: NamespaceKind; currency?: string }>;

const equalClaims = (found: z.infer<typeof claimSchema> | undefined, wanted: Claim): boolean =>
  found?.kind === wanted.kind && (wanted.currency === undefined || found.currency === wanted.currency);

/** The kind of namespace that each source may write to. */
export const kindOfSource: Readonly<Record<IngestReport['source'], NamespaceKind>> = {
  coingecko: 'observed',
  recorded: 'played',
  simulated: 'played',
  replay: 'played',
};

/**
 * The one writer of a source in a namespace, and the positions it found there. Opening it fences the source's earlier
 * writers and only then reads the positions, so that nobody can move them any more.
 */
export class IngestSession {
  private readonly writer: TransactionalWriter;
  private readonly positionsTopic: string;
  private readonly positions: Map<string, unknown>;
  /** The record that claims the namespace, until the first commit takes it. */
  private claim: readonly OutputRecord[];
  private lastCommit: Promise<void> = Promise.resolve();

  private constructor(writer: TransactionalWriter, topic: string, positions: Map<string, unknown>, claim: Claim) {
    this.writer = writer;
    this.positionsTopic = topic;
    this.positions = positions;
    const isClaimed = equalClaims(claimSchema.safeParse(positions.get(KIND_KEY)).data, claim);
    this.claim = isClaimed ? [] : [this.record({ key: KIND_KEY, value: { ...claim } })];
  }

  /**
   * Rejects with `wrong-namespace-kind` where the namespace holds quotes of the other kind or, where the source says in
   * which currency its prices are, in another one.
   */
  static async open(options: IngestOptions, source: IngestReport['source'], currency?: string): Promise<IngestSession> {
    const { log, namespace } = options;
    const claim = { kind: kindOfSource[source], ...(currency !== undefined && { currency }) };
    const topic = inNamespace(namespace, topics.positions.name);
    const writer = await log.writer(inNamespace(namespace, `pulse-ingest-${source}`));
    try {
      const positions = new Map(await readPositions(log, topic, POSITIONS_PARTITION));
      refuseOthers(positions.get(KIND_KEY), claim, namespace);
      return new IngestSession(writer, topic, positions, claim);
    } catch (error) {
      await writer.close();
      throw error;
    }
  }

  /** The value of the latest position with this key, by this session's commits too; undefined where there is none. */
  position(key: string): unknown {
    return this.positions.get(key);
  }

  /**
   * Commits the records and the position in one transaction. Several commits may be under way; they happen in the order
   * of the calls. Rejects as the log does, and with the same error from then on.
   */
  commit(records: readonly OutputRecord[], position?: SourcePosition): Promise<void> {
    const commit = this.commitNow(records, position);
    commit.catch(() => undefined);
    this.lastCommit = this.lastCommit.then(() => commit);
    // Callers may go on working before they look at the outcome.
    this.lastCommit.catch(() => undefined);
    return this.lastCommit;
  }

  /** Waits for the commits under way. */
  async close(): Promise<void> {
    await this.lastCommit.catch(() => undefined);
    await this.writer.close();
  }

  private async commitNow(records: readonly OutputRecord[], position: SourcePosition | undefined): Promise<void> {
    const own = position === undefined ? this.claim : [...this.claim, this.record(position)];
    if (records.length + own.length === 0) return;
    this.claim = [];
    await this.writer.commit(own.length === 0 ? records : records.concat(own));
    if (position !== undefined) this.positions.set(position.key, position.value);
  }

  private record(position: SourcePosition): OutputRecord {
    const { key, value } = position;
    return { topic: this.positionsTopic, partition: POSITIONS_PARTITION, key, value: JSON.stringify(value) };
  }
}

function refuseOthers(found: unknown, wanted: Claim, namespace: string): void {
  if (found === undefined) return;
  const { kind, currency } = claimSchema.safeParse(found).data ?? {};
  const name = namespace === '' ? 'The default namespace' : `Namespace '${namespace}'`;
  const refuse = (holds: string, takes: string): PulseError =>
    new PulseError(
      'wrong-namespace-kind',
      `${name} holds ${holds} and takes no ${takes}: name another with PULSE_NAMESPACE.`,
    );
  if (kind !== wanted.kind) throw refuse(`${String(kind)} quotes`, `${wanted.kind} ones`);
  if (currency !== undefined && wanted.currency !== undefined && currency !== wanted.currency)
    throw refuse(`prices in ${currency}`, `${wanted.currency}, which coins.vs_currency asks for`);
}
