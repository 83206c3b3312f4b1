import type { FeatureDeclaration } from './feature.ts';
import type { HourWindow } from './hour-window.ts';

/** The value of every declaration at the window's hour, by name; what is not finite is null. */
export function evaluate(
  declarations: readonly FeatureDeclaration[],
  window: HourWindow,
): Record<string, number | null> {
  const values: Record<string, number | null> = {};
  for (const { name, of } of declarations) {
    const value = of(window);
    values[name] = Number.isFinite(value) ? value : null;
  }
  return values;
}

/** How many hours of rows the declarations read at the most. */
export const reachOf = (declarations: readonly FeatureDeclaration[]): number =>
  declarations.reduce((most, { hours }) => Math.max(most, hours), 1);
