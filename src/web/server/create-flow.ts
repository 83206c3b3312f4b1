import { type FlowNews, noNews } from './gateway/frames.ts';
import type { FlowSource } from './gateway/follow-flow.ts';
import { FlowMeter, type FlowMeterOptions } from './pipeline/flow-meter.ts';
import { Tails, type TailsOptions } from './records/tails.ts';

export type FlowOptions = Omit<FlowMeterOptions, 'onMeasured'> & TailsOptions;

/** What the server knows of the flow itself, and what of it is new since the last flush. */
export interface Flow extends FlowSource {
  readonly meter: FlowMeter;
  readonly takeNews: () => FlowNews;
}

/** Calls `onNews` whenever there is something to flush. */
export function createFlow(options: FlowOptions): Flow {
  let isMeasured = false;
  let isTailed = false;
  const meter = new FlowMeter({
    ...options,
    onMeasured() {
      isMeasured = true;
      options.onNews();
    },
  });
  const tails = new Tails({
    ...options,
    onNews() {
      isTailed = true;
      options.onNews();
    },
  });
  const pipeline = (): ReturnType<FlowMeter['pipeline']> => meter.pipeline();
  const takeNews = (): FlowNews => {
    if (!isMeasured && !isTailed) return noNews;
    const news = { pipeline: isMeasured ? pipeline() : undefined, tail: tails.takeNews() };
    isMeasured = isTailed = false;
    return news;
  };
  return { meter, tails, pipeline, takeNews };
}
