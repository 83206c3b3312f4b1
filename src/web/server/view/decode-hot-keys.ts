import type { HotDecision, StageReport } from '../../../streams/task/reports.ts';
import type { Fields } from './fields.ts';

type HotNews = Pick<StageReport, 'forwarded' | 'horizon' | 'heaviest' | 'salted' | 'decision' | 'unbundled'>;

/** A report tells of no more keys than this; the stage's own tell of fewer. */
const MAX_KEYS = 64;

/** What a task's report says of hot keys: nothing, where it is of another stage. */
export function decodeHotKeys(fields: Fields): HotNews {
  const unbundled = fields.numberOrNull('unbundled');
  const horizon = fields.numberOrNull('horizon');
  const [decision] = fields.objectOrNull('decision');
  return {
    ...(unbundled !== null && { unbundled }),
    ...(horizon !== null && {
      horizon,
      forwarded: fields.number('forwarded'),
      heaviest: fields.objects('heaviest', MAX_KEYS).map((hitter) => ({
        key: hitter.anyText('key'),
        count: hitter.number('count'),
        error: hitter.number('error'),
      })),
      salted: saltedKeys(fields, 'salted'),
    }),
    ...(decision && { decision: decodeDecision(decision) }),
  };
}

function decodeDecision(fields: Fields): HotDecision {
  const [ground] = fields.objectOrNull('ground');
  return {
    at: fields.time('at'),
    kind: fields.choice('kind', ['salt', 'deal anew', 'un-salt']),
    keys: saltedKeys(fields, 'keys'),
    ground: ground
      ? {
          busiest_ms: ground.number('busiest_ms'),
          median_ms: ground.number('median_ms'),
          predicted_busiest_ms: ground.number('predicted_busiest_ms'),
          predicted_median_ms: ground.number('predicted_median_ms'),
          work_us: ground.number('work_us'),
          send_us: ground.number('send_us'),
          receive_us: ground.number('receive_us'),
        }
      : null,
  };
}

const saltedKeys = (fields: Fields, name: string): HotDecision['keys'] =>
  fields.objects(name, MAX_KEYS).map((salted) => ({ key: salted.anyText('key'), salts: salted.number('salts') }));
