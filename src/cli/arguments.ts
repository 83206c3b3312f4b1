import { InvalidArgumentError } from 'commander';

/** A parser of whole numbers in `[least, most]`. */
export const wholeNumber =
  (least: number, most = 1e15) =>
  (text: string): number => {
    const value = Number(text);
    if (/^\d{1,16}$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(
      most === 1e15 ? `Wanted is a whole number from ${least}.` : `Wanted is a whole number from ${least} to ${most}.`,
    );
  };

/** A finite number of 0 or more. */
export function factorOrZero(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value;
  throw new InvalidArgumentError('Wanted is a number of 0 or more.');
}

/** How fast event time passes: a factor above 0, or as fast as possible. */
export function speed(text: string): number | 'max' {
  if (text === 'max') return text;
  const factor = Number(text);
  if (factor > 0 && Number.isFinite(factor)) return factor;
  throw new InvalidArgumentError('Wanted is a factor above 0, or max.');
}

/** A share of a whole: from 0 to 1. */
export function share(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value <= 1) return value;
  throw new InvalidArgumentError('Wanted is a share from 0 to 1.');
}
