import { expect, it } from 'vitest';
import { LaneBoard } from '../../../src/streams/hot-keys/lane-board.ts';
import { stageReport } from '../../support/stage-report.ts';

it('the demand on a lane is what came in and what waits, which is taken to be of the same keys', () => {
  const board = new LaneBoard('combine');
  board.hear(stageReport({ partition: 1, owner: 'b', horizon: 0, lag: 7 }));
  board.hear(stageReport({ partition: 0, horizon: 1, lag: 1 }));
  board.hear(stageReport({ partition: 0, horizon: 100, lag: 300, heaviest: [{ key: 'hot', count: 50, error: 2 }] }));
  board.hear(stageReport({ stage: 'maintain', partition: 2, horizon: 5 }));
  expect(board.demands(0)).toEqual([
    { lane: 0, owner: 'a', records: 400, heaviest: [{ key: 'hot', count: 200, error: 8 }] },
    { lane: 1, owner: 'b', records: 7, heaviest: [] },
  ]);
});

it("a lane that nobody has reported on for 20 s is nobody's", () => {
  const board = new LaneBoard('combine');
  board.hear(stageReport({ partition: 0 }));
  expect(board.demands(20_000)).toHaveLength(1);
  expect(board.demands(20_001)).toEqual([]);
});
