import { describe, expect, it } from 'vitest';
import type { FeatureDeclaration } from '../../../src/streams/4-gold/feature.ts';
import { features, moverFeatures } from '../../../src/streams/4-gold/features.ts';
import type { GoldSpec } from '../../../src/streams/4-gold/roll-windows.ts';
import { declarationFingerprint } from '../../../src/streams/stages/declaration-fingerprint.ts';

const spec = { graceMs: 600_000 };
const gold: GoldSpec = { features, movers: moverFeatures };
const known = declarationFingerprint(spec, gold);

/** The declarations with the first one of a kind changed. */
const changed = (kind: keyof GoldSpec, change: Partial<FeatureDeclaration>): GoldSpec => ({
  ...gold,
  [kind]: gold[kind].map((each, i) => (i === 0 ? { ...each, ...change } : each)),
});

describe('the fingerprint of the declarations', () => {
  it('is the same for the same declarations, at every start', () => {
    expect(declarationFingerprint({ ...spec }, { features: [...features], movers: [...moverFeatures] })).toBe(known);
    expect(known).toMatch(/^[0-9a-f]{16}$/);
  });

  it.each<[string, GoldSpec, number?]>([
    ['another grace', gold, 600_001],
    ["a feature's other name", changed('features', { name: 'other' })],
    ["a feature's other window", changed('features', { hours: 3 })],
    ["a feature's other code", changed('features', { of: (window) => window.ret(1) })],
    ["a mover figure's other name", changed('movers', { name: 'other' })],
    ["a mover figure's other window", changed('movers', { hours: 3 })],
    ["a mover figure's other code", changed('movers', { of: () => 1 })],
    ['one feature more', { ...gold, features: [...features, { ...features[0]!, name: 'more' }] }],
    ['one feature less', { ...gold, features: features.slice(1) }],
    ['another order of features', { ...gold, features: [...features].reverse() }],
    ['a feature that became a mover figure', { features: features.slice(1), movers: [features[0]!, ...moverFeatures] }],
  ])('is another for %s', (_, declared, graceMs = spec.graceMs) => {
    expect(declarationFingerprint({ graceMs }, declared)).not.toBe(known);
  });

  it('is the same for another text that a person reads', () => {
    expect(declarationFingerprint(spec, changed('features', { formula: 'in words', unit: 'hours' }))).toBe(known);
  });
});
