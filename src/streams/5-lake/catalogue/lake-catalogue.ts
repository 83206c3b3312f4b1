import { join } from 'node:path';
import { PulseError } from '../../../errors.ts';
import { copyPath, hasCopy } from '../copies/copy-path.ts';
import { CopyReader, type CopyState } from '../copies/copy-reader.ts';
import type { DeltaTableOptions } from '../delta/delta-table.ts';
import type { LakeTable } from '../lake-table.ts';
import { TableReader, type TableState } from './table-reader.ts';

/** Everything that the lake holds at one moment: its tables, and the plain copies that are there. */
export interface LakeContents {
  readonly tables: readonly TableState[];
  readonly copies: readonly CopyState[];
  /** What could not be read, and why; the rest is as it is. */
  readonly problems: readonly LakeProblem[];
}

export interface LakeProblem {
  /** The table or the copy, by its path in the data folder. */
  readonly name: string;
  readonly message: string;
}

export interface LakeCatalogueOptions {
  readonly tables: readonly LakeTable[];
  readonly dataDir: string;
  readonly delta: (table: LakeTable) => DeltaTableOptions;
}

interface Named<Reader> {
  readonly name: string;
  readonly reader: Reader;
}

/** Says what the lake holds. What a table or a copy was the last time is remembered: only what is new is read. */
export class LakeCatalogue {
  readonly #tables: readonly Named<TableReader>[];
  readonly #copies: readonly Named<CopyReader>[];

  constructor({ tables, dataDir, delta }: LakeCatalogueOptions) {
    this.#tables = tables.map((table) => ({ name: table.name, reader: new TableReader(table, delta(table)) }));
    this.#copies = tables.filter(hasCopy).map((table) => {
      const name = copyPath(table);
      return { name, reader: new CopyReader(join(dataDir, name), table.timeColumn) };
    });
  }

  /** One call at a time. */
  async read(): Promise<LakeContents> {
    const problems: LakeProblem[] = [];
    const readable = async <State>(name: string, read: () => Promise<State>): Promise<State | undefined> => {
      try {
        return await read();
      } catch (error) {
        if (!(error instanceof PulseError)) throw error;
        problems.push({ name, message: error.message });
        return undefined;
      }
    };
    const tables: TableState[] = [];
    for (const { name, reader } of this.#tables) tables.push(...present(await readable(name, () => reader.read())));
    const copies: CopyState[] = [];
    for (const { name, reader } of this.#copies) copies.push(...present(await readable(name, () => reader.read())));
    return { tables, copies, problems };
  }
}

const present = <State>(state: State | undefined): readonly State[] => (state === undefined ? [] : [state]);
