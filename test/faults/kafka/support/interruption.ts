import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The requests of a commit, in their order, as the protocol numbers them. */
export const commitRequests = {
  AddPartitionsToTxn: 24,
  Produce: 0,
  AddOffsetsToTxn: 25,
  TxnOffsetCommit: 28,
  EndTxn: 26,
} as const;

export const moments = ['before', 'written', 'answered'] as const;

/** Where in the commits of a stage's tasks an instance is to be interrupted. */
export interface CommitMoment {
  readonly stage: 'combine' | 'maintain';
  readonly request: keyof typeof commitRequests;
  readonly moment: (typeof moments)[number];
  /** Of the requests of that kind that the stage's tasks make, from 1. */
  readonly nth: number;
}

/** An instance's environment that interrupts it there, and whether it has been. */
export interface Interruption {
  readonly env: Readonly<Record<string, string>>;
  readonly isReached: () => boolean;
  /** The protocol's number of the error that a broker answered to an EndTxn which was written after a pause. */
  readonly answer: () => number | undefined;
}

/** `folder`: where the mark is left. */
export function interruptAt(
  { stage, request, moment, nth }: CommitMoment,
  signal: 'SIGKILL' | 'SIGSTOP',
  folder: string,
): Interruption {
  const mark = join(folder, `${stage}-${request}-${moment}-${nth}`);
  const wanted = { stage, api: commitRequests[request], nth, moment };
  const preload = pathToFileURL(join(import.meta.dirname, 'interrupt.js'));
  return {
    env: {
      NODE_OPTIONS: `--import=${preload.href}`,
      PULSE_TEST_INTERRUPT: JSON.stringify({ ...wanted, signal, mark }),
    },
    isReached: () => existsSync(mark) && readFileSync(mark, 'utf8') === JSON.stringify(wanted),
    answer: () => (existsSync(`${mark}.answer`) ? Number(readFileSync(`${mark}.answer`, 'utf8')) : undefined),
  };
}
