// Whether literals can all be true of one subject: what must be found, what must not be, and both against the engine.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compile } from '../../src/engine/compile.ts';
import { evaluate } from '../../src/engine/evaluate.ts';
import type { Literal } from '../../src/logic/literal.ts';
import { isSatisfiable } from '../../src/logic/satisfiable.ts';
import type { Context } from '../../src/model/context.ts';
import type {
  AttributeCondition,
  AttributeDeclaration,
  OperatorName,
  Scalar,
} from '../../src/model/definitions.gen.ts';
import { contextsFor } from '../support/adversarial-contexts.ts';
import { snapshotOfCondition } from '../support/snapshot.ts';

const declared: ReadonlyMap<string, AttributeDeclaration> = new Map<string, AttributeDeclaration>([
  ['targetingKey', { type: 'string' }],
  ['country', { type: 'string', values: ['US', 'CA', 'DE'] }],
  ['text', { type: 'string' }],
  ['ip', { type: 'string' }],
  ['age', { type: 'number' }],
  ['beta', { type: 'boolean' }],
  ['version', { type: 'semver' }],
  ['at', { type: 'date' }],
  ['roles', { type: 'string', list: true }],
  ['teams', { type: 'string', list: true, values: ['a', 'b'] }],
]);

type Written = [attribute: string, operator: OperatorName, value?: Scalar | Scalar[]];
const is = (...[attribute, operator, value]: Written): Literal => {
  const test: AttributeCondition = { attribute, operator, ...(value !== undefined && { value }) };
  return { kind: 'attribute', test, holds: true };
};
const isNot = (...written: Written): Literal => ({ ...is(...written), holds: false });
const ignoringCase = (literal: Literal): Literal =>
  literal.kind === 'attribute' ? { ...literal, test: { ...literal.test, ignore_case: true } } : literal;
const among = (unit: string, ...units: string[]): Literal => ({
  kind: 'units',
  unit,
  among: units,
  holds: true,
});
const notAmong = (unit: string, ...units: string[]): Literal => ({ ...among(unit, ...units), holds: false });

const impossible: [string, ...Literal[]][] = [
  ['two texts at once', is('text', 'eq', 'a'), is('text', 'eq', 'b')],
  ['a text and not the same', is('text', 'in', ['a', 'b']), isNot('text', 'eq', ['b', 'a'])],
  ['present and absent', is('text', 'exists'), is('text', 'exists', false)],
  ['neither present nor absent', isNot('text', 'exists'), isNot('text', 'exists', false)],
  ['absent and different from something', is('text', 'exists', false), is('text', 'neq', 'a')],
  ['an undeclared value', is('country', 'eq', 'UK')],
  ['none of the declared values', is('country', 'exists'), isNot('country', 'in', ['US', 'CA', 'DE'])],
  [
    'a declared value that ends otherwise',
    is('country', 'eq', ['US', 'CA']),
    is('country', 'ends_with', 'E'),
  ],
  ['neither true nor false', is('beta', 'neq', true), is('beta', 'neq', false)],
  ['a number that is a text', is('age', 'eq', '18')],
  ['above five and not above three', is('age', 'gt', 5), isNot('age', 'gt', 3)],
  ['between neighbours', is('age', 'gt', 5), is('age', 'lt', 5.000000000000001)],
  ['at least and below', is('age', 'gte', 5), is('age', 'lt', [5, 4])],
  ['one of few numbers and another range', is('age', 'in', [1, 2, 3]), is('age', 'gt', 3)],
  [
    'neither above nor at most, but there',
    is('age', 'exists'),
    isNot('age', 'gt', 5),
    isNot('age', 'lte', 5),
  ],
  ['two beginnings', is('text', 'starts_with', 'ab'), is('text', 'starts_with', ['ac', 'b'])],
  ['two ends', is('text', 'ends_with', '.com'), is('text', 'ends_with', '.de')],
  [
    'two beginnings but for case',
    ignoringCase(is('text', 'starts_with', 'AB')),
    is('text', 'starts_with', 'b'),
  ],
  [
    'a beginning of what is no beginning',
    is('text', 'starts_with', 'abc'),
    is('text', 'not_starts_with', 'ab'),
  ],
  ['a part within a part', is('text', 'contains', 'xay'), is('text', 'not_contains', 'a')],
  [
    'a part within an end',
    is('text', 'ends_with', '@acme.example'),
    isNot('text', 'contains', ['acme', 'q']),
  ],
  ['a text that does not contain nothing', is('text', 'not_contains', '')],
  ['equal and another beginning', is('text', 'eq', ['abc', 'b']), is('text', 'starts_with', 'c')],
  ['equal but for case', ignoringCase(is('text', 'eq', 'US')), ignoringCase(is('text', 'eq', 'de'))],
  ['equal but for case and another', ignoringCase(is('text', 'eq', 'US')), is('text', 'eq', 'DE')],
  ['equal and not matching', is('text', 'eq', 'abc'), isNot('text', 'matches', '^a')],
  ['matching and not matching', is('text', 'matches', '^a+$'), is('text', 'not_matches', ['b', '^a+$'])],
  [
    'matching and not matching, said one by one',
    is('text', 'matches', '^a+$'),
    is('text', 'not_matches', 'b'),
    is('text', 'not_matches', '^a+$'),
  ],
  ['above a version and below it', is('version', 'semver_gt', '4.2'), is('version', 'semver_lt', 'v4.2.0')],
  [
    'between a version and its successor',
    is('version', 'semver_gt', '1.2.3'),
    is('version', 'semver_lt', '1.2.4-0'),
  ],
  [
    'behind a pre-release and before what follows it',
    is('version', 'semver_gt', '1.0.0-a'),
    is('version', 'semver_lt', '1.0.0-a.0'),
  ],
  ['below the lowest version', is('version', 'semver_lt', '0.0.0-0')],
  [
    'neither older nor as new, but there',
    is('version', 'exists'),
    isNot('version', 'semver_lt', '4.0.0'),
    isNot('version', 'semver_gte', '4.0.0'),
  ],
  [
    'before and after one instant',
    is('at', 'before', '2026-01-01T00:00:00Z'),
    is('at', 'after', '2026-01-01T01:00:00+01:00'),
  ],
  [
    'before and after, as text and as number',
    is('at', 'before', 1767225600000),
    is('at', 'after', '2026-01-01T00:00:00Z'),
  ],
  [
    'at no time at all',
    is('at', 'exists'),
    isNot('at', 'before', '2026-01-01T00:00:00Z'),
    isNot('at', 'after', '2025-12-31T23:59:59.999Z'),
  ],
  [
    'between two nanoseconds',
    is('at', 'exists'),
    isNot('at', 'before', '2026-01-01T00:00:00.000000005Z'),
    isNot('at', 'after', '2026-01-01T00:00:00.000000004Z'),
  ],
  [
    'in a block and not in a wider one',
    is('ip', 'in_cidr', '10.1.0.0/16'),
    is('ip', 'not_in_cidr', '10.0.0.0/8'),
  ],
  [
    'in a block and in neither half',
    is('ip', 'in_cidr', '10.0.0.0/8'),
    is('ip', 'not_in_cidr', ['10.0.0.0/9', '10.128.0.0/9']),
  ],
  ['in two families', is('ip', 'in_cidr', '0.0.0.0/0'), is('ip', 'in_cidr', '::/0')],
  [
    'in all of IPv6 and in neither half',
    is('ip', 'in_cidr', '::/0'),
    isNot('ip', 'in_cidr', '::/1'),
    isNot('ip', 'in_cidr', '8000::/1'),
  ],
  ['an element that is and none that is', is('roles', 'eq', 'a'), is('roles', 'not_in', ['b', 'a'])],
  ['an element that is not declared', is('teams', 'eq', 'c')],
  ['a unit that is another', among('targetingKey', 'a', 'b'), is('targetingKey', 'eq', 'c')],
  ['a unit and not the same', among('targetingKey', 'a'), notAmong('targetingKey', 'b', 'a')],
  [
    'a unit that begins otherwise',
    among('targetingKey', 'test-1', 'test-2'),
    isNot('targetingKey', 'starts_with', 'test-'),
  ],
  ['a unit as a number', among('age', '12', '13'), is('age', 'gt', 13)],
  ['a unit that is a list', among('roles', 'a'), is('roles', 'eq', 'b')],
];

test.each(impossible)('impossible: %s', (_, ...literals) => {
  expect(isSatisfiable(literals, declared)).toBe(false);
});

/** All of IPv6 below `::ffff:0:0`: 0000, 8000, c000 … fffe before the last 32 bits. */
const belowMapped = Array.from({ length: 16 }, (_, i) => {
  const group = (0xffff << (16 - i)) & 0xffff;
  return `::${group.toString(16)}:0:0/${81 + i}`;
});

const possible: [string, ...Literal[]][] = [
  ['nothing'],
  ['a number that is no text', is('age', 'neq', '18')],
  [
    'a text without the character that reasoning joins texts by',
    is('text', 'starts_with', 'a'),
    is('text', 'not_contains', '\ue000'),
  ],
  [
    'what takes too many steps to try, of which only the last fits',
    is(
      'text',
      'in',
      Array.from({ length: 300 }, (_, i) => `a${i}`),
    ),
    is('text', 'matches', '^a299$'),
  ],
  [
    'what takes too many steps to try, of which none fits',
    is(
      'text',
      'in',
      Array.from({ length: 300 }, (_, i) => `a${i}`),
    ),
    is('text', 'matches', '^b$'),
  ],
  [
    'a text too long to be reasoned about',
    is('text', 'starts_with', 'a'.repeat(1_001)),
    is('text', 'starts_with', 'b'),
  ],
  ['beyond the largest number: JSON may say 1e999', is('age', 'gt', Number.MAX_VALUE)],
  ['two attributes', is('text', 'eq', 'a'), is('ip', 'eq', 'b')],
  ['nothing that holds', isNot('text', 'eq', 'a'), isNot('text', 'neq', 'a'), isNot('text', 'exists')],
  ['none of the declared values', isNot('country', 'in', ['US', 'CA', 'DE'])],
  ['neither above nor at most', isNot('age', 'gt', 5), isNot('age', 'lte', 5)],
  ['between neighbours but one', is('age', 'gt', 5), is('age', 'lt', 5.000000000000002)],
  ['one beginning within the other', is('text', 'starts_with', 'a'), is('text', 'starts_with', ['x', 'ab'])],
  [
    'a beginning and an end that do not meet',
    is('text', 'starts_with', 'ab'),
    is('text', 'ends_with', 'cd'),
    is('text', 'not_contains', 'bc'),
  ],
  [
    'a part that comes about by chance',
    is('text', 'starts_with', 'a'),
    is('text', 'ends_with', 'b'),
    is('text', 'not_contains', 'ab'),
  ],
  ['equal but for case, and not equal', ignoringCase(is('text', 'eq', 'us')), is('text', 'neq', 'us')],
  ['two expressions', is('text', 'matches', '^a'), is('text', 'not_matches', '^ab')],
  [
    'an expression that ignores case and one that does not',
    ignoringCase(is('text', 'matches', 'a')),
    isNot('text', 'matches', 'a'),
  ],
  [
    'between a version and the next',
    is('version', 'semver_gt', '1.2.3'),
    is('version', 'semver_lt', '1.2.4'),
  ],
  [
    'behind a pre-release and before one that follows it',
    is('version', 'semver_gt', '1.0.0-a'),
    is('version', 'semver_lt', '1.0.0-a.1'),
  ],
  [
    'a version of many digits',
    is('version', 'semver_gt', `1.0.${'9'.repeat(300)}`),
    is('version', 'semver_lt', '1.1.0-0'),
  ],
  [
    'within a millisecond',
    is('at', 'after', '2026-01-01T00:00:00Z'),
    is('at', 'before', '2026-01-01T00:00:00.0000001Z'),
  ],
  ['beyond the calendar', is('at', 'after', '9999-12-31T23:59:59.999Z')],
  ['before the calendar', is('at', 'before', '0000-01-01T00:00:00Z')],
  [
    'in a block and in no half but one',
    is('ip', 'in_cidr', '10.0.0.0/8'),
    is('ip', 'not_in_cidr', ['10.0.0.0/9', '10.128.0.0/10']),
  ],
  [
    'behind a block that ends with a byte',
    is('ip', 'in_cidr', '10.0.0.0/7'),
    isNot('ip', 'in_cidr', ['10.0.0.0/9', '10.128.0.0/10', '10.192.0.0/10']),
  ],
  ['no address', is('ip', 'exists'), isNot('ip', 'in_cidr', ['0.0.0.0/0', '::/0'])],
  ['in a block and another text', is('ip', 'in_cidr', '10.0.0.1/32'), is('ip', 'neq', '10.0.0.1')],
  [
    'behind the addresses that map IPv4, which are not of IPv6',
    is('ip', 'in_cidr', '::/64'),
    isNot('ip', 'in_cidr', belowMapped),
  ],
  ['two elements', is('roles', 'eq', 'a'), is('roles', 'eq', 'b'), is('roles', 'neq', 'c')],
  ['an empty list', is('teams', 'not_in', ['a', 'b'])],
  ['a list is no unit', notAmong('roles', 'a'), is('roles', 'eq', 'a')],
  ['a unit among two', among('targetingKey', 'a', 'b'), among('targetingKey', 'b', 'c')],
];

test.each(possible)('possible: %s', (_, ...literals) => {
  expect(isSatisfiable(literals, declared)).toBe(true);
});

describe('without a declaration', () => {
  test.each<[string, boolean, ...Literal[]]>([
    ['two texts may be in a list', true, is('x', 'eq', 'a'), is('x', 'eq', 'b')],
    ['no list is a unit', false, among('x', 'a'), is('x', 'eq', 'b')],
    ['neither true nor false is a number', true, is('x', 'neq', true), is('x', 'neq', false)],
    ['what is there is not what is not', false, is('x', 'eq', 'a'), is('x', 'neq', 'a')],
    ['one element would have to be two', false, is('x', 'lt', 3), isNot('x', 'lte', 3)],
    [
      'an element may be of any type',
      true,
      is('x', 'semver_gt', '1.0.0'),
      is('x', 'gt', 5),
      is('x', 'in_cidr', '::/0'),
    ],
    [
      'a text need not be a version',
      true,
      is('x', 'contains', 'a'),
      isNot('x', 'contains', 'b'),
      isNot('x', 'semver_lt', '4.0.0'),
      isNot('x', 'semver_gte', '4.0.0'),
    ],
    ['a unit is a text, a number or a boolean', true, among('x', '1'), is('x', 'gt', 0)],
  ])('%s', (_, expected, ...literals) => {
    expect(isSatisfiable(literals, undefined)).toBe(expected);
  });
});

const families: { attribute: string; operators: OperatorName[]; values: Scalar[] }[] = [
  {
    attribute: 'text',
    operators: [
      'eq',
      'not_in',
      'contains',
      'not_contains',
      'starts_with',
      'not_starts_with',
      'ends_with',
      'not_ends_with',
    ],
    values: ['a', 'b', 'ab', 'ba', 'A', 'İ', ''],
  },
  {
    attribute: 'country',
    operators: ['in', 'neq', 'starts_with', 'not_contains'],
    values: ['US', 'CA', 'DE', 'us', 'U', 'x'],
  },
  { attribute: 'age', operators: ['eq', 'neq', 'gt', 'gte', 'lt', 'lte'], values: [0, 1, 2, 1.5, -1] },
  { attribute: 'beta', operators: ['eq', 'neq'], values: [true, false] },
  {
    attribute: 'version',
    operators: ['semver_eq', 'semver_neq', 'semver_gt', 'semver_gte', 'semver_lt', 'semver_lte'],
    values: ['1.0.0', '1.0.1', 'v1', '1.0.1-0', '1.0.1-rc.1', '0.0.0-0'],
  },
  {
    attribute: 'at',
    operators: ['before', 'after'],
    values: [
      '2026-01-01T00:00:00Z',
      '2026-01-01T00:00:01Z',
      '2026-01-01T01:00:00+01:00',
      1767225600000,
      1767225600001,
      0,
    ],
  },
  {
    attribute: 'ip',
    operators: ['in_cidr', 'not_in_cidr', 'eq', 'starts_with'],
    values: ['10.0.0.0/8', '10.0.0.0/9', '10.128.0.0/9', '::/0', '::ffff:0:0/96', '0.0.0.0/0'],
  },
  {
    attribute: 'roles',
    operators: ['in', 'not_in', 'contains', 'not_starts_with'],
    values: ['a', 'ab', 'b'],
  },
  {
    attribute: 'teams',
    operators: ['in', 'not_in', 'contains', 'not_starts_with'],
    values: ['a', 'ab', 'b'],
  },
];

const literalsOf = ({ attribute, operators, values }: (typeof families)[number]): fc.Arbitrary<Literal[]> => {
  const value = fc.oneof(
    fc.constantFrom(...values),
    fc.array(fc.constantFrom(...values), { minLength: 1, maxLength: 3 }),
  );
  const test = fc.record(
    {
      attribute: fc.constant(attribute),
      operator: fc.constantFrom(...operators),
      value,
      ignore_case: fc.constantFrom(false, true),
    },
    { requiredKeys: ['attribute', 'operator', 'value'] },
  ) as fc.Arbitrary<AttributeCondition>;
  const presence = fc.record({
    attribute: fc.constant(attribute),
    operator: fc.constant('exists' as const),
    value: fc.boolean(),
  });
  const literal = fc.oneof({ weight: 6, arbitrary: test }, { weight: 1, arbitrary: presence });
  const units = fc.record({
    kind: fc.constant('units' as const),
    unit: fc.constant(attribute),
    among: fc.array(fc.constantFrom(...values.map(String)), { minLength: 1, maxLength: 3 }),
    holds: fc.boolean(),
  });
  const attributeLiteral = fc.record({
    kind: fc.constant('attribute' as const),
    test: literal,
    holds: fc.boolean(),
  });
  return fc.array(fc.oneof({ weight: 8, arbitrary: attributeLiteral }, { weight: 1, arbitrary: units }), {
    minLength: 1,
    maxLength: 4,
  });
};

/** Whether the engine says that the context is as the literals say. */
function meets(literals: readonly Literal[]): (context: Context) => boolean {
  const parts = literals.map((literal, i) => {
    const condition = literal.kind === 'units' ? { segment: `s${i}` } : literal.test;
    return literal.holds ? condition : { not: condition };
  });
  const segments = Object.fromEntries(
    literals.flatMap((literal, i) =>
      literal.kind === 'units' ? [[`s${i}`, { unit: literal.unit, include: [...literal.among] }]] : [],
    ),
  );
  const ruleset = compile(snapshotOfCondition({ and: parts }, segments));
  return (context) => evaluate(ruleset, 'flag', context, 0).value === true;
}

describe.each([
  ['declared', declared],
  ['undeclared', undefined],
])('%s attributes against the engine', (_, attributes) => {
  test.each(families)('what is impossible for $attribute is true of no context', (family) => {
    let found = 0;
    fc.assert(
      fc.property(literalsOf(family), (literals) => {
        if (isSatisfiable(literals, attributes)) return;
        found += 1;
        const tests = literals.flatMap((literal) => (literal.kind === 'attribute' ? [literal.test] : []));
        const units = literals.flatMap((literal) => (literal.kind === 'units' ? literal.among : []));
        const meetsAll = meets(literals);
        const contexts = fc.sample(contextsFor(tests, attributes, { [family.attribute]: units }), {
          seed: 7,
          numRuns: 60,
        });
        expect(contexts.find(meetsAll), JSON.stringify(literals)).toBeUndefined();
      }),
      { seed: 42, numRuns: 400 },
    );
    expect(found).toBeGreaterThan(10);
  });
});

/** Texts over three letters, of which one is in no constant, up to eight letters long. */
const texts = Array.from({ length: 8 }).reduce<string[][]>(
  (lengths) => [
    ...lengths,
    (lengths.at(-1) ?? []).flatMap((text) => ['a', 'b', '~'].map((letter) => text + letter)),
  ],
  [['']],
);

test.each<[string, (typeof families)[number], Scalar[]]>([
  [
    'texts',
    { ...families[0], values: ['a', 'b', 'ab', 'ba', ''] } as (typeof families)[number],
    texts.flat(),
  ],
  ['numbers', families[2] as (typeof families)[number], [-2, -1, -0.5, 0, 0.5, 1, 1.25, 1.5, 1.75, 2, 3]],
  [
    'versions',
    families[4] as (typeof families)[number],
    ['0.0.0-0', '0.9.0', '1.0.0', '1.0.1-0', '1.0.1-0.0', '1.0.1-rc.1', '1.0.1-rc.2', '1.0.1', '2.0.0'],
  ],
])('exact for %s: what is possible is true of some value', (_, family, values) => {
  const plain = literalsOf(family).filter((literals) =>
    literals.every((literal) => literal.kind === 'attribute' && !literal.test.ignore_case),
  );
  fc.assert(
    fc.property(plain, (literals) => {
      const meetsAll = meets(literals);
      const isTrueOfOne = meetsAll({}) || values.some((value) => meetsAll({ [family.attribute]: value }));
      expect(isTrueOfOne, JSON.stringify(literals)).toBe(isSatisfiable(literals, declared));
    }),
    { seed: 42, numRuns: 200 },
  );
});

test('of an attribute that is known to be no list, and no more, an object is possible', () => {
  const single = new Map([['x', {}]]);
  const literals = [
    isNot('x', 'gt', 0),
    isNot('x', 'lte', 0),
    is('x', 'neq', [true, false]),
    is('x', 'not_contains', ''),
  ];
  expect(isSatisfiable(literals, single)).toBe(true);
  expect(isSatisfiable([...literals, is('x', 'eq', ['a', 1, true])], single)).toBe(false);
  expect(isSatisfiable([is('x', 'eq', 'a'), is('x', 'eq', 'b')], single)).toBe(false);
});
