/** What a map is drawn of: the busy times of tasks by wave, and when each wave was. */
export interface MapSource {
  readonly tasks: readonly { readonly busyMsByWave: readonly number[] }[];
  readonly waves: readonly { readonly startedMs: number; readonly tookMs: number }[];
}

/** So many shades, from hardly anything to the most of all maps. */
export const SHADES = 8;
const ROWS = 64;
const COLUMNS = 200;

/** Cells of one shade, as a path in units of milliseconds by rows. */
export interface Shade {
  readonly shade: number;
  readonly path: string;
}

/** The tasks and waves `[from, to)` that one cell stands for, and the busy time of the busiest task and wave among them. */
export interface Cell {
  readonly tasks: readonly [number, number];
  readonly waves: readonly [number, number];
  readonly busyMs: number;
}

/** How many rows and columns the map has: of very many tasks or waves, neighbours share one. */
export const sizeOf = ({ tasks, waves }: MapSource): { readonly rows: number; readonly columns: number } => ({
  rows: Math.min(ROWS, tasks.length),
  columns: Math.min(COLUMNS, waves.length),
});

export function cellOf(source: MapSource, row: number, column: number): Cell {
  const { rows, columns } = sizeOf(source);
  const tasks = rangeOf(row, rows, source.tasks.length);
  const waves = rangeOf(column, columns, source.waves.length);
  let busyMs = 0;
  for (let task = tasks[0]; task < tasks[1]; task++)
    for (let wave = waves[0]; wave < waves[1]; wave++)
      busyMs = Math.max(busyMs, source.tasks[task]?.busyMsByWave[wave] ?? 0);
  return { tasks, waves, busyMs };
}

/** The most that any task did in any wave. */
export const mostOf = ({ tasks }: MapSource): number =>
  tasks.reduce((most, { busyMsByWave }) => busyMsByWave.reduce((a, b) => Math.max(a, b), most), 0);

/** The shade grows with the root of the busy time: so that small differences are seen as well as one that is fifty times as large. */
export const shadeOf = (busyMs: number, most: number): number =>
  most <= 0 || busyMs <= 0 ? 0 : Math.min(SHADES, Math.max(1, Math.ceil(Math.sqrt(busyMs / most) * SHADES)));

/** All cells, a path a shade: a thousand elements would cost more than they say. */
export function shadesOf(source: MapSource, most: number): readonly Shade[] {
  const { rows, columns } = sizeOf(source);
  const paths = new Map<number, string>();
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const { waves, busyMs } = cellOf(source, row, column);
      const [from, to] = spanOf(source, waves);
      const shade = shadeOf(busyMs, most);
      paths.set(
        shade,
        `${paths.get(shade) ?? ''}M${from.toFixed(2)} ${row}h${(to - from).toFixed(2)}v1H${from.toFixed(2)}z`,
      );
    }
  return [...paths].map(([shade, path]) => ({ shade, path })).sort((a, b) => a.shade - b.shade);
}

/** When the waves began and ended, in milliseconds. */
export function spanOf({ waves }: MapSource, [from, to]: readonly [number, number]): readonly [number, number] {
  const last = waves[to - 1];
  return [waves[from]?.startedMs ?? 0, last === undefined ? 0 : last.startedMs + last.tookMs];
}

const rangeOf = (at: number, of: number, all: number): readonly [number, number] => [
  Math.floor((at * all) / of),
  Math.floor(((at + 1) * all) / of),
];
