import type { FeatureDeclaration } from '../../../streams/4-gold/feature.ts';
import type { Column } from '../../contract.ts';

/**
 * The figures of a market row, in order: every feature, then the mover features that aren't among them. Both tables may
 * declare a feature of the same name: it is the same figure.
 */
export function columnsOf(
  features: readonly FeatureDeclaration[],
  moverFeatures: readonly FeatureDeclaration[],
): readonly Column[] {
  const known = new Set(features.map(({ name }) => name));
  return [
    ...features.map((declaration) => column(declaration, 'features')),
    ...moverFeatures.filter(({ name }) => !known.has(name)).map((declaration) => column(declaration, 'movers')),
  ];
}

function column({ of, ...shown }: FeatureDeclaration, table: Column['table']): Column {
  // Everything but the function: a page shows figures, and computes none.
  void of;
  return { ...shown, table };
}
