import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StateEnvironment } from '../../src/state/environment.ts';
import { openLmdbState } from '../../src/state/lmdb/lmdb-environment.ts';
import { openMemoryState } from '../../src/state/memory/memory-environment.ts';

/** How a test comes to an empty state, and what it leaves. */
export interface StateKind {
  readonly name: string;
  readonly open: () => Promise<{ readonly state: StateEnvironment; readonly dispose: () => Promise<void> }>;
}

/** Both of them: what works on the one must work on the other. */
export const stateKinds: readonly StateKind[] = [
  {
    name: 'memory',
    open: async () => {
      const state = openMemoryState();
      return { state, dispose: () => state.close() };
    },
  },
  {
    name: 'LMDB',
    open: async () => {
      const path = mkdtempSync(join(tmpdir(), 'pulse-state-'));
      const identity = { log: 'a log', namespace: '', changelog: undefined, version: 1 };
      const state = await openLmdbState({ path, identity, onDiscard: () => undefined });
      return {
        state,
        dispose: async () => {
          await state.close();
          rmSync(path, { recursive: true, force: true });
        },
      };
    },
  },
];
