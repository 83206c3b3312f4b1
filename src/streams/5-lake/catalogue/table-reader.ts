import { join } from 'node:path';
import { decodeCommit } from '../delta/commit-file.ts';
import { DeltaTable, type DeltaTableOptions } from '../delta/delta-table.ts';
import { fromSchemaString } from '../delta/delta-schema.ts';
import { commitName, LOG_FOLDER } from '../delta/log-names.ts';
import type { LakeTable } from '../lake-table.ts';
import type { Column } from '../parquet/column.ts';
import { allPositions, type TablePosition } from '../sink/table-positions.ts';
import { isTableFailure } from '../table-failure.ts';
import { type TableFigures, tableFigures } from '../upkeep/table-figures.ts';

/** What a table is and holds, by its log; the version is -1 while nobody has written it. */
export interface TableState extends TableFigures, Pick<LakeTable, 'name' | 'kind'> {
  readonly columns: readonly Pick<Column, 'name' | 'type'>[];
  /** When its newest version was committed: milliseconds since the epoch; undefined where its log does not say. */
  readonly updatedAt: number | undefined;
  readonly positions: readonly TablePosition[];
}

/** Looks at one table again and again, and each time reads what is new in its log alone. */
export class TableReader {
  readonly #table: LakeTable;
  readonly #options: DeltaTableOptions;
  #delta: DeltaTable | undefined;
  #known: TableState | undefined;

  constructor(table: LakeTable, options: DeltaTableOptions) {
    this.#table = table;
    this.#options = options;
  }

  async read(): Promise<TableState> {
    const delta = await this.#refreshed();
    if (delta.snapshot.version !== this.#known?.version) this.#known = await this.#describe(delta);
    return this.#known;
  }

  async #refreshed(): Promise<DeltaTable> {
    // After an error the state is in doubt, and where there was no table the folder may be another one by now.
    const before = this.#delta;
    this.#delta = undefined;
    if (before === undefined || before.snapshot.version < 0)
      return (this.#delta = await DeltaTable.open(this.#options));
    try {
      await before.refresh();
      return (this.#delta = before);
    } catch (error) {
      // The namespace was reset, or somebody moved the folder away: what is there now is looked at.
      if (!isTableFailure(error)) throw error;
      this.#known = undefined;
      return (this.#delta = await DeltaTable.open(this.#options));
    }
  }

  async #describe({ snapshot }: DeltaTable): Promise<TableState> {
    const { name, kind, columns } = this.#table;
    const schema = snapshot.metaData?.schemaString;
    const present = schema === undefined ? columns : fromSchemaString(schema);
    return {
      ...{ name, kind, ...tableFigures(snapshot, this.#table) },
      columns: present.map((column) => ({ name: column.name, type: column.type })),
      updatedAt: await this.#committedAt(snapshot.version),
      positions: allPositions(snapshot),
    };
  }

  async #committedAt(version: number): Promise<number | undefined> {
    const { disk, folder } = this.#options;
    const path = join(folder, LOG_FOLDER, commitName(version));
    const bytes = version < 0 ? undefined : await disk.disk.read(path);
    const found = bytes && decodeCommit(bytes, path).find(({ commitInfo }) => commitInfo != null)?.commitInfo;
    return typeof found?.['timestamp'] === 'number' ? found['timestamp'] : undefined;
  }
}
