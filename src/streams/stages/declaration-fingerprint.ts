import { createHash } from 'node:crypto';
import type { MaintainSpec } from '../3-silver/maintain-hours.ts';
import type { FeatureDeclaration } from '../4-gold/feature.ts';
import type { GoldSpec } from '../4-gold/roll-windows.ts';

/** Raise it when Gold changes in a way that the declarations' own text does not show, as in `rolling.ts`. */
const GOLD_VERSION = 1;

/**
 * Tells whether published rows were computed with today's declarations: a digest of every feature's name, window and
 * code, in order, and of the grace that decides `final`.
 */
export function declarationFingerprint(spec: MaintainSpec, gold: GoldSpec): string {
  const told = (declared: readonly FeatureDeclaration[]) =>
    declared.map(({ name, hours, of }) => [name, hours, of.toString()]);
  const all = [GOLD_VERSION, spec.graceMs, told(gold.features), told(gold.movers)];
  return createHash('sha256').update(JSON.stringify(all)).digest('hex').slice(0, 16);
}
