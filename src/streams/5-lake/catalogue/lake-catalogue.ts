import { join } from 'node:path';
import { copyPath, hasCopy } from '../copies/copy-path.ts';
import { CopyReader, type CopyState } from '../copies/copy-reader.ts';
import type { DeltaTableOptions } from '../delta/delta-table.ts';
import type { LakeTable } from '../lake-table.ts';
import { TableReader, type TableState } from './table-reader.ts';

/** Everything that the lake holds at one moment: its tables, and the plain copies that are there. */
export interface LakeContents {
  readonly tables: readonly TableState[];
  readonly copies: readonly CopyState[];
}

export interface LakeCatalogueOptions {
  readonly tables: readonly LakeTable[];
  readonly dataDir: string;
  readonly delta: (table: LakeTable) => DeltaTableOptions;
}

/** Says what the lake holds. What a table or a copy was the last time is remembered: only what is new is read. */
export class LakeCatalogue {
  readonly #tables: readonly TableReader[];
  readonly #copies: readonly CopyReader[];

  constructor({ tables, dataDir, delta }: LakeCatalogueOptions) {
    this.#tables = tables.map((table) => new TableReader(table, delta(table)));
    this.#copies = tables
      .filter(hasCopy)
      .map((table) => new CopyReader(join(dataDir, copyPath(table)), table.timeColumn));
  }

  /** One call at a time. */
  async read(): Promise<LakeContents> {
    const tables: TableState[] = [];
    for (const table of this.#tables) tables.push(await table.read());
    const copies: CopyState[] = [];
    for (const copy of this.#copies) {
      const state = await copy.read();
      if (state !== undefined) copies.push(state);
    }
    return { tables, copies };
  }
}
