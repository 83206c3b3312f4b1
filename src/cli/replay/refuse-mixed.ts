import type { Command } from 'commander';
import { PulseError } from '../../errors.ts';

/** What `pulse replay` does. */
export type ReplayMode = 'rebuild' | 'time-lapse' | 'status' | 'promote';

const flags: Readonly<Record<string, readonly [flag: string, modes: readonly ReplayMode[]]>> = {
  from: ['--from', ['rebuild', 'time-lapse']],
  speed: ['--speed', ['rebuild', 'time-lapse']],
  port: ['--port', ['time-lapse']],
  host: ['--host', ['time-lapse']],
  again: ['--again', ['rebuild']],
  lake: ['--no-lake', ['rebuild', 'time-lapse']],
  diff: ['--diff', ['rebuild', 'promote']],
  status: ['--status', ['status']],
  json: ['--json', ['rebuild', 'status', 'promote']],
};

const modes: Readonly<Record<ReplayMode, string>> = {
  rebuild: 'a rebuild',
  'time-lapse': 'a time-lapse (--speed)',
  status: '--status',
  promote: 'promote',
};

/** Refuses an option that was given and means nothing to what is done: none is passed over in silence. Throws `usage`. */
export function refuseMixed(replay: Command, mode: ReplayMode): void {
  for (const [name, [flag, goesWith]] of Object.entries(flags)) {
    if (replay.getOptionValueSource(name) !== 'cli' || goesWith.includes(mode)) continue;
    const others = goesWith.filter((each) => each !== name).map((each) => modes[each]);
    const but = others.length === 0 ? '' : `, but with ${others.join(' or ')}`;
    throw new PulseError('usage', `${flag} does not go with ${modes[mode]}${but}`);
  }
}
