import type { StateEnvironment } from '../../../state/environment.ts';
import { jsonObject } from '../../json/json-object.ts';
import type { RowTable } from '../../rows/row-table.ts';
import { differingFields, onlyFields } from './compare-rows.ts';
import type { DiffReport, RowDifference, RowFields, TableDiff } from './diff-report.ts';
import { type DiffSide, SideRows } from './side-rows.ts';

export interface DiffOptions {
  readonly a: DiffSide;
  readonly b: DiffSide;
  /** Empty, and of no use to anybody afterwards. */
  readonly scratch: StateEnvironment;
  /** How many differences are told in full. */
  readonly first: number;
  /** Called when everything is read; whether a row differs only for what came in since is asked of what it gives. */
  readonly setAside: () => Promise<SetAside>;
}

/** Whether a row that differs in those fields is no difference: later quotes have reached it. */
export type SetAside = (table: RowTable, key: string, fields: readonly string[]) => boolean;

const TABLES = ['prices', 'features', 'movers'] as const satisfies readonly RowTable[];

/** Compares every row of Silver, Gold and movers, in memory that does not grow with them. */
export async function diffTables(options: DiffOptions): Promise<DiffReport> {
  const { scratch, a, b } = options;
  const loaded: { readonly table: RowTable; readonly a: SideRows; readonly b: SideRows }[] = [];
  for (const table of TABLES)
    loaded.push({
      table,
      a: await SideRows.load(scratch, `a ${table}`, a, table),
      b: await SideRows.load(scratch, `b ${table}`, b, table),
    });
  const setAside = await options.setAside();
  const first: RowDifference[] = [];
  const tables = loaded.map((sides) => {
    const counting = new Counting(sides.table, setAside, (difference) => {
      if (first.length < options.first) first.push(difference);
    });
    for (const key of sides.a.keys()) counting.row(key, sides.a.get(key), sides.b.get(key));
    for (const key of sides.b.keys())
      if (sides.a.get(key) === undefined) counting.row(key, undefined, sides.b.get(key));
    return counting.result({ a: sides.a.count, b: sides.b.count });
  });
  return { tables, first };
}

class Counting {
  readonly #table: RowTable;
  readonly #isSetAside: SetAside;
  readonly #tell: (difference: RowDifference) => void;
  readonly #fields = new Map<string, number>();
  #equal = 0;
  #differing = 0;
  #onlyA = 0;
  #onlyB = 0;
  #setAside = 0;

  constructor(table: RowTable, isSetAside: SetAside, tell: (difference: RowDifference) => void) {
    this.#table = table;
    this.#isSetAside = isSetAside;
    this.#tell = tell;
  }

  row(key: string, a: string | undefined, b: string | undefined): void {
    // Equal text is an equal row; other text may be one, too, in another order or format.
    if (a === b) return void (this.#equal += 1);
    const [left, right] = [fieldsOf(a), fieldsOf(b)];
    const names = differingFields(left ?? {}, right ?? {});
    if (names.length === 0) return void (this.#equal += 1);
    if (this.#isSetAside(this.#table, key, names)) return void (this.#setAside += 1);
    this.#tell({
      ...{ table: this.#table, key },
      a: left && onlyFields(left, names),
      b: right && onlyFields(right, names),
    });
    if (left === null) return void (this.#onlyB += 1);
    if (right === null) return void (this.#onlyA += 1);
    this.#differing += 1;
    for (const name of names) this.#fields.set(name, (this.#fields.get(name) ?? 0) + 1);
  }

  result(rows: TableDiff['rows']): TableDiff {
    return {
      ...{ table: this.#table, rows, equal: this.#equal, differing: this.#differing },
      ...{ onlyA: this.#onlyA, onlyB: this.#onlyB, setAside: this.#setAside, fields: Object.fromEntries(this.#fields) },
    };
  }
}

const fieldsOf = (json: string | undefined): RowFields | null =>
  json === undefined ? null : jsonObject(Buffer.from(json, 'utf8'));
