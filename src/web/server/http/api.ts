import type { ViewTable } from '../../../state/view-store.ts';
import type { Log } from '../../../streams/log/log.ts';
import type { Namespace } from '../../../streams/topics.ts';
import type { Column, Status } from '../../contract.ts';
import type { Pipeline } from '../../pipeline-contract.ts';
import type { Replays } from '../../replay-contract.ts';
import type { MarketView } from '../view/market-view.ts';
import type { FeatureHour, PriceRow } from '../view/rows.ts';
import { type Answer, failure, ok } from './answer.ts';
import type { DeadLetterAnswers } from './dead-letters.ts';
import { rankedMovers } from './movers.ts';
import { promotionAnswer } from './promotion-answer.ts';
import { parseRange } from './range.ts';
import { describeTopics } from './topics.ts';
import { describeLake } from '../lake/describe-lake.ts';
import type { LakeReader } from '../lake/lake-reader.ts';
import type { ReplayReader } from '../replay/replay-reader.ts';
import type { LabFolder } from '../skew/lab-folder.ts';
import { answerSkewLab } from './skew-lab.ts';

export interface ApiOptions {
  readonly log: Log;
  readonly namespace: Namespace;
  readonly view: MarketView;
  readonly lake: LakeReader;
  readonly columns: readonly Column[];
  readonly skewLab: LabFolder;
  readonly replays: ReplayReader;
  readonly deadLetters: DeadLetterAnswers;
  readonly pipeline: () => Pipeline;
  readonly status: () => Status;
  readonly isReady: () => boolean;
  readonly metrics: () => Promise<string>;
}

/** Answers a GET of a path that is not a file; undefined where the path is none of the API's. */
export async function answerApi(
  options: ApiOptions,
  path: string,
  query: URLSearchParams,
): Promise<Answer | undefined> {
  const { log, namespace, view, status } = options;
  switch (path) {
    case '/healthz':
      return ok({ status: 'ok' });
    case '/readyz':
      return readiness(options);
    case '/metrics':
      return { status: 200, body: await options.metrics() };
    case '/api/status':
      return ok(status());
    case '/api/pipeline':
      return ok(options.pipeline());
    case '/api/coins':
      return ok({ columns: options.columns, coins: [...view.coins()].sort().flatMap((coin) => view.row(coin) ?? []) });
    case '/api/movers':
      return ok(rankedMovers(view.movers));
    case '/api/lake':
      return ok(describeLake(await options.lake.read()));
    case '/api/replays':
      return ok(await replays(options));
    case '/api/topics':
      return ok({ topics: await describeTopics(log, namespace, view) });
  }
  const [, api, resource, ...rest] = path.split('/');
  if (api === 'api' && resource === 'prices') return hours(view, view.prices, rest, query, (row) => row);
  if (api === 'api' && resource === 'features') return hours(view, view.features, rest, query, flat);
  if (api === 'api' && resource === 'dead-letters') return options.deadLetters.answer(rest, query);
  if (api === 'api' && resource === 'skew-lab') return answerSkewLab(options.skewLab, rest);
  if (api === 'api') return failure(404, 'no-such-resource', 'There is no such resource; see the README for the API.');
  return undefined;
}

const replays = async ({ namespace: of, replays: reader, view }: ApiOptions): Promise<Replays> => ({
  ...{ of, ...(await reader.read()), promotion: promotionAnswer(view, of) },
});

/** While rebuilt tables take the place of the live ones, rows of both may be seen. */
function readiness({ isReady, status, view, namespace }: ApiOptions): Answer {
  const promotion = promotionAnswer(view, namespace);
  const ready = isReady() && (promotion === null || promotion.done === promotion.partitions);
  return { status: ready ? 200 : 503, body: { ready, view: status().view, promotion } };
}

/** The feature row as its topic has it: the features beside the other fields. */
const flat = ({ figures, final, ...row }: FeatureHour): object => ({ ...row, ...figures, final });

/** `/api/<resource>/<coin>?from&to&limit`: one coin's rows, ascending; `next` is where to go on when there are more. */
function hours<Row extends PriceRow | FeatureHour>(
  view: MarketView,
  table: ViewTable<Row>,
  segments: readonly string[],
  query: URLSearchParams,
  shape: (row: Row) => object,
): Answer {
  const coin = coinOf(segments);
  if (coin === undefined) return failure(400, 'bad-coin', 'The path ends with one coin id, URL-encoded.');
  const range = parseRange(query);
  if ('status' in range) return range;
  const { from, to, limit } = range;
  const entries = [...table.entries({ from: [coin, from], to: [coin, to], limit: limit + 1 })];
  if (entries.length === 0 && view.row(coin, false) === undefined)
    return failure(404, 'unknown-coin', `There is no coin ${JSON.stringify(coin.slice(0, 80))} here; see /api/coins.`);
  const rows = entries.slice(0, limit).map(({ value }) => shape(value));
  return ok({ coin, rows, next: entries[limit]?.value.ts ?? null });
}

function coinOf(segments: readonly string[]): string | undefined {
  const [segment] = segments;
  if (segment === undefined || segment === '' || segments.length > 1) return undefined;
  try {
    const coin = decodeURIComponent(segment);
    return coin.length <= 512 ? coin : undefined;
  } catch {
    return undefined;
  }
}
