import { describe, expect, it } from 'vitest';
import { topics } from '../../../src/streams/topics.ts';
import { formatRate } from '../../../src/web/client/format/rate.ts';
import { edgeFigures, explainTrend } from '../../../src/web/client/pipeline/edge-figures.ts';
import { flowColumns } from '../../../src/web/client/pipeline/flow-shape.ts';
import { followedTopics } from '../../../src/web/client/pipeline/followed-topics.ts';
import { hexDump } from '../../../src/web/client/pipeline/hex-dump.ts';
import { formatPipelinePlace, parsePipelinePlace } from '../../../src/web/client/pipeline/place.ts';
import { readableValue } from '../../../src/web/client/pipeline/record-text.ts';
import { storeFigures } from '../../../src/web/client/pipeline/store-figures.ts';
import { formatShare, stageSummary } from '../../../src/web/client/pipeline/task-figures.ts';
import { trendOf, trendPath } from '../../../src/web/client/pipeline/trend.ts';
import type { Edge, Pipeline, TaskFigures } from '../../../src/web/pipeline-contract.ts';
import { flowEdges } from '../../../src/web/server/pipeline/flow-edges.ts';
import { sampleLake } from '../../support/web/sample-lake.ts';

const nulls = (count: number): readonly null[] => Array.from({ length: count }, () => null);
const edge = (change: Partial<Edge> = {}): Edge => ({
  ...{ topic: 'pulse.partials', label: 'pulse.partials', reader: 'maintain', inPerSecond: 12, outPerSecond: 3.14 },
  ...{ lag: 1234, lagMs: 4300, isLagMsLeast: false, trend: nulls(30), p95Ms: 14.4, samples: 7 },
  ...change,
});
const valuesOf = (change: Partial<Edge>): readonly string[] =>
  edgeFigures(edge(change), 'now').map(({ value }) => value);

describe('the diagram', () => {
  it('has every edge that the server measures, and the tail every topic', () => {
    const drawn = flowColumns.flat().flatMap(({ label, readers }) => readers.map((reader) => `${label} ${reader}`));
    expect(drawn).toEqual(flowEdges('ns').map(({ label, reader }) => `${label} ${reader}`));
    const names = (list: readonly { readonly name: string }[]): readonly string[] =>
      list.map(({ name }) => name).sort();
    expect(names(followedTopics)).toEqual(names(Object.values(topics)));
  });
});

describe('an edge’s figures', () => {
  it('are short, and each says what stands behind it', () => {
    expect(valuesOf({})).toEqual(['3.1/s', '1.2K', '4.3 s', '14 ms']);
    expect(valuesOf({ lagMs: 0, lag: 0, outPerSecond: 0 })).toEqual(['0/s', '0', '0 s', '14 ms']);
    expect(valuesOf({ lagMs: 20, isLagMsLeast: true, p95Ms: 1_499 }).slice(2)).toEqual(['> 0 s', '1.5 s']);
    expect(valuesOf({ lagMs: 299_000, isLagMsLeast: true })[2]).toBe('≥ 4 min');
    for (const { explanation } of edgeFigures(edge(), '12:00 UTC')) {
      expect(explanation.title).toMatch(/^pulse\.partials → Maintain · /);
      expect(explanation.facts).toContainEqual(['As of', '12:00 UTC']);
    }
    const [, lag, behind] = edgeFigures(edge(), 'now');
    expect(lag?.explanation.facts).toContainEqual(['Exact', '1,234 records']);
    for (const of of [lag, behind]) expect(of?.explanation.text).toMatch(/Kafka.*markers of transactions/);
  });

  it('that are not there are no zeros, and say why', () => {
    const none = { inPerSecond: null, outPerSecond: null, lag: null, lagMs: null, p95Ms: null, samples: 0 };
    for (const reader of ['combine', 'page', 'lake'] as const)
      for (const { value, explanation, id } of edgeFigures(edge({ ...none, reader }), 'now')) {
        expect(value).toBe('–');
        expect(explanation.text).toMatch(
          id === 'p95' ? /not timed|within five minutes|for five minutes/ : /^Not known/,
        );
      }
  });

  it('warn where a reader is late, and of the lake only beyond its interval', () => {
    const tones = (change: Partial<Edge>): readonly string[] =>
      edgeFigures(edge(change), 'now').map(({ tone }) => tone);
    expect(tones({ lagMs: 10_001 })).toEqual(['plain', 'warn', 'warn', 'plain']);
    expect(tones({ lagMs: 10_000 })).not.toContain('warn');
    expect(tones({ lagMs: 120_000, reader: 'lake' })).not.toContain('warn');
    expect(tones({ lagMs: 181_000, reader: 'lake' })).toContain('warn');
  });
});

describe('the trend of a lag', () => {
  const series = (...minutes: readonly number[]): readonly (number | null)[] => [
    ...nulls(30 - minutes.length * 6),
    ...minutes.flatMap((lag) => Array.from({ length: 6 }, () => lag)),
  ];
  it.each([
    ['rising', series(100, 121)],
    ['steady', series(100, 120)],
    ['steady', series(100, 80)],
    ['falling', series(100, 79)],
    ['steady', series(0, 5)],
    ['rising', series(0, 6)],
    ['unknown', series(100)],
    ['unknown', nulls(30)],
  ])('is %s', (trend, points) => {
    expect(trendOf(points)).toBe(trend);
    expect(explainTrend(edge({ trend: points })).text?.toLowerCase()).toMatch(
      trend === 'unknown' ? /not known yet/ : trend,
    );
  });

  it('is drawn from nought, with its gaps', () => {
    expect(trendPath([null, 0, 2, null, 1], 40, 10)).toBe('M10.0 10.0L20.0 0.0M40.0 5.0');
    expect(trendPath([0, 0], 10, 10)).toBe('M0.0 10.0L10.0 10.0');
  });
});

describe('the rest of the page', () => {
  it.each([
    [0, '0/s'],
    [0.04, '<0.1/s'],
    [3.21, '3.2/s'],
    [9.96, '10/s'],
    [12_400, '12.4K/s'],
  ])('writes %d a second as %s', (rate, text) => {
    expect(formatRate(rate)).toBe(text);
  });

  it.each([
    [0, '0%'],
    [0.004, '<1%'],
    [0.374, '37%'],
    [1, '100%'],
  ])('writes a share of %d as %s', (share, text) => {
    expect(formatShare(share)).toBe(text);
  });

  it('knows a stage by its tasks, and counts none as busy that is silent', () => {
    const task = (change: Partial<TaskFigures>): TaskFigures => ({
      ...{
        stage: 'combine',
        topic: 't',
        partition: 0,
        owner: 'a',
        reportedAt: 100_000,
        records: 1,
        perSecond: 1,
        lag: 0,
      },
      ...{ busy: 0.2, commitMs: 1, p95Ms: 1, ...change },
    });
    const tasks = [
      task({}),
      task({ busy: null, owner: 'b' }),
      task({ reportedAt: 0, busy: 0.9 }),
      task({ stage: 'x' }),
    ];
    expect(stageSummary(tasks, 'combine', 100_000)).toEqual({ tasks: 3, owners: 2, busiest: 0.2, silent: 1 });
    const idle = [task({ reportedAt: 84_000 }), task({ reportedAt: 79_000 })];
    expect(stageSummary(idle, 'combine', 100_000)).toMatchObject({ tasks: 2, silent: 1 });
    expect(stageSummary([], 'combine', 0)).toEqual({ tasks: 0, owners: 0, busiest: null, silent: 0 });
  });

  it('says of a store that is not there why, and of one that was not looked at yet that it was not', () => {
    const pipeline = (stores: Pipeline['stores']): Pipeline => ({
      ...{
        at: 0,
        edges: [],
        tasks: [],
        rebalances: [],
        hotKeys: [],
        saltDecisions: [],
        deadLettersLately: null,
        stores,
      },
    });
    const told = storeFigures(pipeline([{ name: 'view', bytes: 2_000 }]), sampleLake, 'now');
    expect(told.map(({ value }) => value)).toEqual(['–', '–', '2.00 kB', '7.26 MB']);
    expect(told[0]?.explanation.text).toMatch(/brokers of a cluster/);
    expect(storeFigures(pipeline([]), null, 'now')[0]?.explanation.text).toMatch(/Not looked at yet/);
    expect(storeFigures(null, null, 'now').map(({ value }) => value)).toEqual([null, null, null, null]);
  });

  it('shows bytes sixteen a line, and anything but printable ASCII as a point', () => {
    const bytes = Uint8Array.from({ length: 18 }, (_, i) => (i === 0 ? 0x3c : i === 17 ? 0xff : i));
    expect(hexDump(bytes)).toEqual([
      { at: '00000000', hex: '3c 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f', text: '<···············' },
      { at: '00000010', hex: '10 ff', text: '··' },
    ]);
    expect(hexDump(new Uint8Array())).toEqual([]);
  });

  it('breaks the lines of JSON that is whole, and leaves the rest as it is', () => {
    expect(readableValue({ value: '{"a":1}', form: 'avro' })).toBe('{\n  "a": 1\n}');
    expect(readableValue({ value: '{"a":', form: 'text' })).toBe('{"a":');
    expect(readableValue({ value: '12 34', form: 'hex' })).toBe('12 34');
    expect(readableValue({ value: null, form: 'text' })).toMatch(/tombstone/);
  });

  it('is at a place that an address holds, and takes nothing else from one', () => {
    const place = { topic: 'pulse.tasks', filter: 'a&b=1', partition: 3 };
    expect(parsePipelinePlace(formatPipelinePlace(place))).toEqual(place);
    const usual = { topic: 'coingecko.markets', filter: '', partition: null };
    expect(formatPipelinePlace(usual)).toBe('');
    expect(parsePipelinePlace('?topic=<b>&letters=-1')).toEqual(usual);
    expect(parsePipelinePlace(`?q=${'x'.repeat(999)}`).filter).toHaveLength(200);
  });
});
