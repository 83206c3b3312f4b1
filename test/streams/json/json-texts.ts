import fc from 'fast-check';

/** Space as JSON allows it, mostly none. */
const space = fc.oneof({ weight: 6, arbitrary: fc.constant('') }, fc.stringMatching(/^[ \t\n\r]{1,3}$/));

const escaped = fc
  .integer({ min: 0, max: 0xffff })
  .chain((unit) =>
    fc.constantFrom(unit.toString(16).padStart(4, '0'), unit.toString(16).padStart(4, '0').toUpperCase()),
  )
  .map((digits) => `\\u${digits}`);

/** One character of a string, in one of the ways to write it. */
const character = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...Array.from('abcdefghijklmnopqrstuvwxyz -_/0123456789!#[]{},:')) },
  { weight: 2, arbitrary: fc.constantFrom(...'\\" \\\\ \\/ \\b \\f \\n \\r \\t'.split(' ')) },
  { weight: 2, arbitrary: escaped },
  { weight: 2, arbitrary: fc.constantFrom('é', '₿', '\u200b', '\ufeff', '𝄞', '\u007f', '\u2028') },
);

const stringText = fc.array(character, { maxLength: 24 }).map((characters) => `"${characters.join('')}"`);

/** A number in any way that the grammar allows, many of them beyond what a float64 holds. */
export const numberText = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.stringMatching(/^(0|[1-9][0-9]{0,24})$/),
    fc.oneof(fc.constant(''), fc.stringMatching(/^\.[0-9]{1,24}$/)),
    fc.oneof(fc.constant(''), fc.stringMatching(/^[eE][+-]?[0-9]{1,3}$/)),
  )
  .map((parts) => parts.join(''));

/** Keys that collide with the wanted ones, are spelt with escapes, or mean something to JavaScript. */
const keyText = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('"id"', '"current_price"', '"a"', '""', '"__proto__"', '"constructor"') },
  { weight: 2, arbitrary: fc.constantFrom('"i\\u0064"', '"\\u0061"', '"current\\u005Fprice"', '"\\u005f_proto__"') },
  { weight: 1, arbitrary: fc.constantFrom('"ids"', '"i"', '"aa"', '"current_prices"', '"ID"') },
  { weight: 2, arbitrary: stringText },
);

const joined = (open: string, items: readonly string[], close: string, inner: string): string =>
  `${open}${inner}${items.join(',')}${items.length > 0 ? inner : ''}${close}`;

const texts = fc.letrec<{ value: string; member: string; array: string; object: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('null', 'true', 'false', '0', '-0', '1e999', '-1e999', '5e-324', '[]', '{}'),
    numberText,
    stringText,
    tie('array'),
    tie('object'),
  ),
  member: fc
    .tuple(space, keyText, space, space, tie('value'), space)
    .map(([a, k, b, c, v, d]) => `${a}${k}${b}:${c}${v}${d}`),
  array: fc.tuple(fc.array(tie('value'), { maxLength: 4 }), space).map(([items, s]) => joined('[', items, ']', s)),
  object: fc.tuple(fc.array(tie('member'), { maxLength: 8 }), space).map(([items, s]) => joined('{', items, '}', s)),
}));

/** Texts of any JSON value, in many spellings. */
export const valueText = texts.value;

/** Texts of objects with colliding keys, in many spellings, and with space around them. */
export const objectText = fc.tuple(space, texts.object, space).map((parts) => parts.join(''));

/** Things that are nearly JSON: tokens in no order, some of them broken. */
export const nearMiss = fc
  .array(
    fc.constantFrom(
      ...[
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        '"id"',
        '"a"',
        '"',
        '\\',
        '\\u00',
        '0',
        '1',
        '-',
        '.',
        'e',
        'E',
        '+',
        '-1.5e+3',
      ],
      ...[
        '01',
        '1.',
        '.5',
        'null',
        'nul',
        'true',
        'tru',
        'false',
        'NaN',
        ' ',
        '\n',
        '\t',
        '\ufeff',
        '\u00a0',
        '\0',
        '/**/',
      ],
    ),
    { maxLength: 10 },
  )
  .map((tokens) => tokens.join(''));
