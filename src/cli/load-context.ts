import { loadConfig } from '../config.ts';
import { type Context, createContext } from './context.ts';

/** Settings that the command line gives. */
export interface GivenSettings {
  readonly settings?: string;
  readonly namespace?: string | undefined;
  readonly dataDir?: string;
  readonly port?: number;
  readonly host?: string;
}

/** Reads the settings, and builds what every command works with. */
export const loadContext = ({ settings, namespace, dataDir, port, host }: GivenSettings): Context =>
  createContext(
    loadConfig({
      file: settings,
      overrides: [
        { option: '--namespace', path: 'namespace', value: namespace },
        { option: '--data-dir', path: 'data_dir', value: dataDir },
        { option: '--port', path: 'web.port', value: port },
        { option: '--host', path: 'web.host', value: host },
      ],
    }),
  );
