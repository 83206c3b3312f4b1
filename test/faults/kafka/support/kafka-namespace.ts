import { join } from 'node:path';
import { expect } from 'vitest';
import { expectEqualTable } from '../../../support/equal-tables.ts';
import { oracleTables } from '../../../support/oracle/oracle-tables.ts';
import type { SourceRecord } from '../../../support/oracle/source-record.ts';
import { type Ended, pulse, type RunningPulse, startPulse, temporaryFolder } from '../../../support/pulse.ts';
import { kcatTable } from './kcat-table.ts';

type Env = Readonly<Record<string, string>>;

export interface NamespaceSpec {
  readonly brokers: readonly string[];
  /** Of the suite's namespaces, one alone. */
  readonly name: string;
  readonly env?: Env;
}

/** A namespace on a cluster, worked on with the command line as its users do. */
export class KafkaNamespace {
  readonly brokers: readonly string[];
  readonly name: string;
  /** For commands on it. */
  readonly env: Env;
  readonly #folder: string;

  private constructor({ brokers, name, env }: NamespaceSpec) {
    this.brokers = brokers;
    this.name = `${name}-${process.pid}`;
    this.#folder = env?.['PULSE_DATA_DIR'] ?? temporaryFolder();
    this.env = {
      KAFKA_BROKERS: brokers.join(),
      PULSE_NAMESPACE: this.name,
      PULSE_DATA_DIR: this.#folder,
      PULSE_COMMIT_INTERVAL_MS: '50',
      ...env,
    };
  }

  /** With its topics; their brokers may be few at that moment, so it tries again. */
  static async create(spec: NamespaceSpec): Promise<KafkaNamespace> {
    const made = new KafkaNamespace(spec);
    expect(await pulse(['topics', 'create'], made.env)).toMatchObject({ code: 0 });
    return made;
  }

  /** Where its instances keep their state, a folder each. */
  get stateFolder(): string {
    return join(this.#folder, 'namespaces', this.name, 'state');
  }

  /** A topic's name on the cluster. */
  topic(name: string): string {
    return `${this.name}.${name}`;
  }

  /** Starts `pulse process`, and resolves when it has joined. */
  async begin(env: Env = {}): Promise<RunningPulse> {
    const run = startPulse(['process'], { ...this.env, ...env });
    await run.said(/processing; /);
    return run;
  }

  /** Processes what there is, to its end. */
  catchUp(env: Env = {}): Promise<Ended> {
    return pulse(['process', '--until-caught-up'], { ...this.env, ...env });
  }

  /** Ends instances as their user does, and processes what is left. */
  async finish(instances: readonly RunningPulse[] = []): Promise<void> {
    const done = await this.catchUp();
    expect(done, done.stderr).toMatchObject({ code: 0 });
    for (const { child } of instances) child.kill('SIGTERM');
    for (const { ended } of instances) expect(await ended, (await ended).stderr).toMatchObject({ code: 0 });
  }

  /** Expects the tables, as a consumer that is not ours reads them, to be those that a batch job makes of the records. */
  async expectTables(records: readonly SourceRecord[]): Promise<void> {
    const wanted = oracleTables(records);
    const table = (name: string) => kcatTable(this.brokers, this.topic(name));
    expectEqualTable(await table('pulse.prices_hourly'), wanted.silver);
    expectEqualTable(await table('pulse.features_hourly'), wanted.features);
    expectEqualTable(await table('pulse.top_movers_24h'), wanted.movers);
  }
}
