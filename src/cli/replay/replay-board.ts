import type { Log } from '../../streams/log/log.ts';
import type { ReplayState, Replays } from '../../web/replay-contract.ts';
import { readDiff } from '../../web/server/replay/diff-folder.ts';
import type { ReplayReader } from '../../web/server/replay/replay-reader.ts';
import type { Context } from '../context.ts';
import { isOnKafka, openToRead } from '../namespace-log.ts';
import { diffFolder } from './keep-diff.ts';
import { namespacesThere } from './namespaces-there.ts';
import { inOtherNamespace } from './replay-contexts.ts';
import { ReplayWatch } from './replay-watch.ts';

type Found = Pick<Replays, 'replays' | 'problems'>;

/** However many ask, it looks no more often. */
const LOOK_EVERY_MS = 1_000;

/** Finds the replays of a namespace beside it, in the data folder or on the cluster, and how far each is. */
export class ReplayBoard implements ReplayReader {
  readonly #live: Context;
  readonly #log: Log;
  #watches = new Map<string, ReplayWatch>();
  #looked: { readonly at: number; readonly found: Promise<Found> } | undefined;

  /** `log` is the live namespace's. */
  constructor(live: Context, log: Log) {
    this.#live = live;
    this.#log = log;
  }

  read(): Promise<Found> {
    const at = this.#live.clock.now();
    if (this.#looked === undefined || at - this.#looked.at >= LOOK_EVERY_MS) {
      const found = this.#look();
      this.#looked = { at, found };
      // The next one who asks makes it look again.
      found.catch(() => (this.#looked = undefined));
    }
    return this.#looked.found;
  }

  async #look(): Promise<Found> {
    const replays: ReplayState[] = [];
    const problems: Replays['problems'][number][] = [];
    const watches = new Map<string, ReplayWatch>();
    for (const namespace of await this.#others())
      try {
        const watch = this.#watches.get(namespace) ?? new ReplayWatch(namespace, this.#own, this.#log.identity);
        watches.set(namespace, watch);
        const state = await this.#stateOf(namespace, watch);
        if (state !== undefined) replays.push(state);
      } catch (error) {
        problems.push({ namespace, message: (error as Error).message });
      }
    this.#watches = watches;
    return { replays: replays.sort((a, b) => b.startedAt - a.startedAt), problems };
  }

  get #own(): string {
    return this.#live.config.settings.namespace;
  }

  async #stateOf(namespace: string, watch: ReplayWatch): Promise<ReplayState | undefined> {
    const context = inOtherNamespace(this.#live, namespace);
    const log = isOnKafka(context) ? this.#log : await openToRead(context);
    try {
      const state = await watch.look(log, this.#live.clock.now());
      if (state === undefined) return undefined;
      const diff = await readDiff(diffFolder(this.#live), this.#own, namespace);
      // A comparison with what was there before is none with it.
      return { ...state, diff: diff !== null && diff.at >= state.startedAt ? diff : null };
    } finally {
      if (log !== this.#log) await log.close();
    }
  }

  /** The namespaces that there are beside its own. */
  async #others(): Promise<readonly string[]> {
    return (await namespacesThere(this.#live, this.#log)).filter((name) => name !== this.#own);
  }
}
