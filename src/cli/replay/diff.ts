import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { openLmdbState } from '../../state/lmdb/lmdb-environment.ts';
import { createQuoteParser } from '../../streams/3-silver/parse-quote.ts';
import { reachOf } from '../../streams/4-gold/evaluate.ts';
import { features } from '../../streams/4-gold/features.ts';
import { sleepOn } from '../../streams/clock/sleep.ts';
import { awaitProcessed } from '../../streams/replay/await-processed.ts';
import { readReplay } from '../../streams/replay/claim-replay.ts';
import { verdictOf } from '../../streams/replay/diff/diff-verdict.ts';
import { diffTables, type SetAside } from '../../streams/replay/diff/diff-tables.ts';
import { setAsideSince } from '../../streams/replay/diff/set-aside.ts';
import type { DiffSide } from '../../streams/replay/diff/side-rows.ts';
import { TouchedSince } from '../../streams/replay/diff/touched-since.ts';
import type { FrozenInput } from '../../streams/replay/frozen-input.ts';
import { PulseError } from '../../errors.ts';
import type { Context } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { keepDiff } from './keep-diff.ts';
import { diffLines } from './diff-lines.ts';
import { withSide } from './with-side.ts';
import { inNamedNamespace, namespaceText } from './replay-contexts.ts';

export interface DiffOptions {
  readonly json: boolean;
}

/** How many differences are shown. */
const SHOWN = 10;
const PATIENCE_MS = 30_000;

/** `pulse diff`: two namespaces' tables, row by row; `.` is the default namespace. */
export async function diffCommand(context: Context, a: string, b: string, options: DiffOptions): Promise<void> {
  const [left, right] = [a, b].map((name) => inNamedNamespace(context, name === '.' ? '' : name));
  if (left !== undefined && right !== undefined) await diffNamespaces(left, right, options);
}

/**
 * Compares the tables of two namespaces, and says how they differ. The exit code is 1 on any difference, and where rows are there
 * but none could be compared: a comparison of nothing must not pass for one that found nothing.
 */
export async function diffNamespaces(a: Context, b: Context, options: DiffOptions): Promise<void> {
  await withSide(a, (left) => withSide(b, (right) => diffSides(a, b, [left, right], options)));
}

async function diffSides(
  a: Context,
  b: Context,
  sides: readonly [DiffSide, DiffSide],
  { json }: DiffOptions,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'pulse-diff-'));
  try {
    const scratch = await openLmdbState({
      path: join(folder, 'rows'),
      identity: { log: '', namespace: '', changelog: undefined, version: 0 },
      onDiscard: () => undefined,
    });
    try {
      const since = await prepare(a, b, sides);
      const report = await diffTables({ a: sides[0], b: sides[1], scratch, first: SHOWN, setAside: since });
      const names = { a: a.config.settings.namespace, b: b.config.settings.namespace };
      const verdict = verdictOf(report);
      await keepDiff(a, { ...names, ...report, at: a.clock.now(), verdict });
      if (json) await a.out.result(JSON.stringify({ kind: 'diff', ...names, verdict, ...report }));
      else for (const line of diffLines(report, names)) await a.out.result(line);
      if (verdict === 'differ' || verdict === 'not-compared') process.exitCode = exitCodes.failed;
    } finally {
      await scratch.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Waits for the live side where the other one is its replay; what has come in since is no difference. */
async function prepare(
  a: Context,
  b: Context,
  [left, right]: readonly [DiffSide, DiffSide],
): Promise<() => Promise<SetAside>> {
  for (const [live, context, replay] of [
    [left, a, right],
    [right, b, left],
  ] as const) {
    const input = await readReplay(replay.log, replay.names.positions);
    if (input === undefined || input.of !== context.config.settings.namespace || input.log !== live.log.identity)
      continue;
    await refuseUnfinished(input, replay);
    const { clock, signal, config, out } = context;
    const isDone = await awaitProcessed(live.log, live.names, input, {
      sleep: sleepOn(clock),
      ms: PATIENCE_MS,
      signal,
    });
    if (!isDone) out.say(`${namespaceText(input.of)} has not processed what was replayed yet: that makes differences`);
    const parse = createQuoteParser({ futureToleranceMs: config.settings.silver.future_tolerance_ms });
    return async () => setAsideSince(await TouchedSince.read(live.log, input, parse), reachOf(features));
  }
  return () => Promise.resolve(() => false);
}

async function refuseUnfinished({ finishedAt }: FrozenInput, { names }: DiffSide): Promise<void> {
  if (finishedAt !== null) return;
  const where = names.positions;
  throw new PulseError('usage', `the replay that ${where} tells of has not come to its end: run pulse replay first`);
}
