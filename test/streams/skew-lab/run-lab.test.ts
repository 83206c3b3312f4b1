import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StepDone } from '../../../src/streams/skew-lab/steps.ts';
import type { LabReport } from '../../../src/streams/skew-lab/lab-report.ts';
import { strategies } from '../../../src/streams/hot-keys/strategies.ts';
import { type LabSpec, workloads } from '../../../src/streams/skew-lab/lab-spec.ts';
import { runLab } from '../../../src/streams/skew-lab/run-lab.ts';
import { simulateRecords } from '../../../src/streams/skew-lab/simulate-records.ts';
import { inThreadExecutors, realTime } from '../../support/skew-lab/in-thread-executors.ts';
import { priced } from '../../support/skew-lab/priced.ts';
import { labSpec } from '../../support/skew-lab/lab-spec.ts';

const machine = { cores: 1, node: '20', workers: 1 };

function labOf(spec: LabSpec, executors = 2, tamper?: Parameters<typeof inThreadExecutors>[2]): Promise<LabReport> {
  const setup = { spec, arena: simulateRecords(spec) };
  return runLab({
    ...{ setup, strategies, machine, clock: realTime, simulated: 8 },
    executors: inThreadExecutors(setup, executors, tamper),
  });
}

const specs = fc.record({
  workload: fc.constantFrom(...workloads),
  popularity: fc.oneof(
    fc.record({ kind: fc.constant('zipf' as const), exponent: fc.double({ min: 0, max: 3, noNaN: true }) }),
    fc.record({ kind: fc.constant('hot' as const), share: fc.double({ min: 0, max: 1, noNaN: true }) }),
  ),
  records: fc.integer({ min: 1, max: 1_500 }),
  keys: fc.integer({ min: 1, max: 60 }),
  tasks: fc.integer({ min: 1, max: 12 }),
  waves: fc.integer({ min: 1, max: 12 }),
  work: fc.integer({ min: 0, max: 12 }),
  shufflePartitions: fc.integer({ min: 1, max: 40 }),
  advisoryBytes: fc.integer({ min: 1, max: 100_000 }),
  seed: fc.string({ maxLength: 8 }),
});

describe('the Skew Lab', () => {
  it('comes to the same result by every strategy, whatever the keys, tasks, waves and executors', async () => {
    await fc.assert(
      fc.asyncProperty(specs, fc.integer({ min: 1, max: 4 }), async (spec, executors) => {
        const { strategies: reports, isIdentical } = await labOf(spec, executors, priced);
        expect(isIdentical).toBe(true);
        for (const { tasks, latency, hop } of reports) {
          expect(sum(tasks.map(({ records }) => records))).toBe(spec.records);
          expect(sum(latency.histogram.map(({ records }) => records))).toBe(spec.records);
          expect(sum(tasks.map(({ forwarded }) => forwarded))).toBe(hop.records);
          expect(sum(tasks.map(({ received }) => received))).toBe(hop.records);
        }
      }),
      { numRuns: 40 },
    );
  });

  it.each(workloads)(
    'levels one key with 90 % out, salted and adaptive, and says what that took: %s',
    async (workload) => {
      const [naive, salted, adaptive] = (await labOf(labSpec({ workload, records: 8_000, waves: 20 }), 2, priced))
        .strategies;
      expect(naive).toMatchObject({
        strategy: 'naive',
        salted: [],
        decisions: [],
        replicas: 0,
        hop: { records: 0, sendUs: null },
      });
      expect(naive?.records.ratio).toBeGreaterThan(20);
      expect(salted?.records.ratio).toBeLessThan(1.5);
      expect(salted).toMatchObject({ decisions: [], hop: { records: 0 }, replicas: workload === 'join' ? 7 : 0 });
      expect(adaptive?.decisions[0]).toMatchObject({ kind: 'salt', wave: 0, keys: ['simulated-coin-0001'] });
      expect(adaptive?.records.ratio).toBeLessThan(1.6);
      expect(adaptive?.hop.records).toBeGreaterThan(5_000);
      expect(adaptive?.hop.bytes).toBeGreaterThan(5_000 * 800);
      expect(adaptive?.hop.sendUs).toBeCloseTo(1, 9);
      expect(adaptive?.hop.receiveUs).toBeCloseTo(1, 9);
      expect(naive?.busy.ratio).toBeGreaterThan(20);
      expect(salted?.busy.ratio).toBeLessThan(1.5);
      expect(adaptive?.busy.ratio).toBeLessThan(1.6);
      expect(adaptive?.makespan.simulatedFromMeasuredCosts[1]?.executors).toBe(8);
      if (workload === 'join') expect(adaptive?.replicas).toBeGreaterThanOrEqual(7);
      else expect(adaptive?.replicas).toBe(0);
      expect(new Set([naive?.hash, salted?.hash, adaptive?.hash]).size).toBe(1);
    },
  );

  it('leaves a workload without skew alone', async () => {
    const spec = labSpec({ popularity: { kind: 'zipf', exponent: 0 }, keys: 400 });
    const adaptive = (await labOf(spec, 2, priced)).strategies[2];
    expect(adaptive).toMatchObject({ decisions: [], salted: [], hop: { records: 0, bytes: 0, bundles: 0 } });
  });

  it('coalesces small shuffle partitions where it adapts, and only there', async () => {
    const { strategies: reports } = await labOf(labSpec({ shufflePartitions: 64, advisoryBytes: 1e9, tasks: 4 }));
    expect(reports.map(({ shuffle }) => shuffle.partitions)).toEqual([64, 64, 64]);
    expect(reports.map(({ shuffle }) => shuffle.coalesced).slice(0, 2)).toEqual([64, 64]);
    expect(reports[2]?.shuffle.coalesced).toBeGreaterThanOrEqual(4);
    expect(reports[2]?.shuffle.coalesced).toBeLessThanOrEqual(8);
  });

  it('notices a record that a strategy works on otherwise', async () => {
    let seen = 0;
    const tamper = (done: StepDone): StepDone =>
      done.kind === 'reduced' && seen++ === 0 ? { ...done, lines: [...done.lines, 'another'] } : done;
    expect((await labOf(labSpec(), 2, tamper)).isIdentical).toBe(false);
  });

  it('refuses a result that a record is missing from', async () => {
    const tamper = (done: StepDone): StepDone =>
      done.kind === 'reduced' ? { ...done, records: done.records - 1 } : done;
    await expect(labOf(labSpec(), 2, tamper)).rejects.toThrow(/naive worked on 3984 records of 4000/);
  });

  it('makes the same result of the same seed, and another of another', async () => {
    const hashOf = async (spec: LabSpec): Promise<string | undefined> => (await labOf(spec)).strategies[0]?.hash;
    const first = await hashOf(labSpec());
    expect(await hashOf(labSpec())).toBe(first);
    expect(await hashOf(labSpec({ waves: 3, tasks: 5 }))).toBe(first);
    expect(await hashOf(labSpec({ seed: '2' }))).not.toBe(first);
    expect(await hashOf(labSpec({ work: 11 }))).not.toBe(first);
  });
});

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
