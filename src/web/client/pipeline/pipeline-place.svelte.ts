import { router } from '../shell/router.svelte.ts';
import { formatPipelinePlace, parsePipelinePlace, type PipelinePlace } from './place.ts';

const PATH = '/pipeline';

/** Where somebody is on the pipeline's page; the address bar follows. */
class Place {
  current: PipelinePlace = $state.raw(parsePipelinePlace(router.searchOf(PATH)));

  constructor() {
    router.onArrival(PATH, (search) => (this.current = parsePipelinePlace(search)));
  }

  go(change: Partial<PipelinePlace>): void {
    this.current = { ...this.current, ...change };
    router.replace(PATH, formatPipelinePlace(this.current));
  }
}

export const pipelinePlace = new Place();
