import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Bucket,
  cdfPath,
  extentOf,
  heightOf,
  shareAt,
  ticksOf,
  timeAt,
  widthOf,
} from '../../../src/web/client/skew/cdf.ts';
import { cellOf, mostOf, SHADES, shadeOf, shadesOf, sizeOf } from '../../../src/web/client/skew/heat-map.ts';
import { formatMs, formatRatio } from '../../../src/web/client/skew/lab-texts.ts';

const box = { width: 100, height: 34 };
const buckets: readonly Bucket[] = [
  { upToMs: 1, records: 90 },
  { upToMs: 10, records: 9 },
  { upToMs: 100, records: 1 },
];

describe('the distribution of waits', () => {
  it('stands a nines’ height higher for each nines, on a logarithmic axis', () => {
    const extent = extentOf([buckets]);
    expect(extent).toEqual([1, 100]);
    expect(cdfPath(buckets, extent, box)).toBe('M0.0 34V24.0H50.0V14.0H100.0V0.0H100');
    expect(heightOf(0, box)).toBe(34);
    expect(widthOf(10, extent, box)).toBe(50);
    expect(timeAt(50, extent, box)).toBeCloseTo(10);
    expect([0.5, 1, 10, 99, 100].map((ms) => shareAt(buckets, ms))).toEqual([0, 0.9, 0.99, 0.99, 1]);
    expect(ticksOf(extent)).toEqual([1, 3, 10, 30, 100]);
  });

  it('of nothing is nothing', () => {
    expect(cdfPath([], extentOf([]), box)).toBe('');
    expect(shareAt([], 5)).toBe(0);
  });
});

describe('the map of tasks and time', () => {
  const source = {
    tasks: [{ busyMsByWave: [0, 4] }, { busyMsByWave: [64, 1] }],
    waves: [
      { startedMs: 0, tookMs: 10 },
      { startedMs: 12, tookMs: 5 },
    ],
  };

  it('puts every cell at its time, in the shade of its busy time', () => {
    expect(mostOf(source)).toBe(64);
    expect(shadesOf(source, 64)).toEqual([
      { shade: 0, path: 'M0.00 0h10.00v1H0.00z' },
      { shade: 1, path: 'M12.00 1h5.00v1H12.00z' },
      { shade: 2, path: 'M12.00 0h5.00v1H12.00z' },
      { shade: SHADES, path: 'M0.00 1h10.00v1H0.00z' },
    ]);
    expect(shadeOf(1e300, 64)).toBe(SHADES);
    expect(shadeOf(5, 0)).toBe(0);
  });

  it('of very many tasks and waves is bounded, and loses no busy cell', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 256 }),
        fc.integer({ min: 1, max: 1000 }),
        fc.nat(),
        fc.nat(),
        (tasks, waves, t, w) => {
          const [hotTask, hotWave] = [t % tasks, w % waves];
          const large = {
            tasks: Array.from({ length: tasks }, (_, task) => ({
              busyMsByWave: Array.from({ length: waves }, (__, wave) => (task === hotTask && wave === hotWave ? 7 : 1)),
            })),
            waves: Array.from({ length: waves }, (_, wave) => ({ startedMs: wave, tookMs: 1 })),
          };
          const { rows, columns } = sizeOf(large);
          expect(rows * columns).toBeLessThanOrEqual(64 * 200);
          const cells = Array.from({ length: rows * columns }, (_, i) =>
            cellOf(large, Math.floor(i / columns), i % columns),
          );
          const hot = cells.filter(({ busyMs }) => busyMs === 7);
          expect(hot).toHaveLength(1);
          expect(hot[0]?.tasks[0]).toBeLessThanOrEqual(hotTask);
          expect(hot[0]?.tasks[1]).toBeGreaterThan(hotTask);
        },
      ),
      { numRuns: 15 },
    );
  });
});

it('figures have the digits that matter', () => {
  expect([0.421, 1.26, 9.96, 6572.4].map(formatMs)).toEqual(['0.42', '1.3', '10', '6,572']);
  expect([null, 1.115, 57.18, 1234.5].map(formatRatio)).toEqual(['∞', '1.11', '57.2', '1,235']);
});
