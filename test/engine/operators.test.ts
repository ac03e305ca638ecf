// Every operator against its case table: which values fit, and what of another type does.
import { describe, expect, test } from 'vitest';
import { compile } from '../../src/engine/compile.ts';
import { evaluate } from '../../src/engine/evaluate.ts';
import { operators, valueFaults } from '../../src/engine/operators.ts';
import type { JsonValue } from '../../src/lib/json.ts';
import type { AttributeCondition, OperatorName } from '../../src/model/definitions.gen.ts';
import { snapshotOfCondition } from '../support/snapshot.ts';
import vectors from '../vectors/operators.json' with { type: 'json' };

interface Vector {
  title: string;
  if: Omit<AttributeCondition, 'attribute'>;
  /** What a missing attribute gives: false, unless it says otherwise. */
  missing?: boolean;
  holds: JsonValue[];
  fails: JsonValue[];
}
const cases = vectors as Vector[];

describe.each(cases)('$title', ({ if: condition, missing = false, holds, fails }) => {
  const ruleset = compile(snapshotOfCondition({ attribute: 'a', ...condition }));
  const value = (context: { [name: string]: JsonValue }) => evaluate(ruleset, 'flag', context, 0).value;

  test.each(holds.map((a) => [JSON.stringify(a), a] as const))('holds for %s', (_, a) => {
    expect(value({ a })).toBe(true);
  });
  test.each(fails.map((a) => [JSON.stringify(a), a] as const))('fails for %s', (_, a) => {
    expect(value({ a })).toBe(false);
  });
  test('a missing attribute', () => {
    expect(value({})).toBe(missing);
    expect(value({ a: null })).toBe(missing);
  });
});

test('every operator has a case table', () => {
  expect(new Set(cases.map((each) => each.if.operator))).toEqual(new Set(Object.keys(operators)));
});

test('a negated operator is the opposite of another, wherever the attribute is present', () => {
  const present: JsonValue[] = cases
    .flatMap(({ holds, fails }) => [...holds, ...fails])
    .filter((each) => each !== null);
  for (const { if: condition } of cases) {
    const negates = operators[condition.operator].negates;
    if (negates === undefined) continue;
    const negated = compile(snapshotOfCondition({ attribute: 'a', ...condition }));
    const positive = compile(snapshotOfCondition({ attribute: 'a', ...condition, operator: negates }));
    for (const a of present) {
      expect(evaluate(negated, 'flag', { a }, 0).value).toBe(!evaluate(positive, 'flag', { a }, 0).value);
    }
  }
});

test.each<[OperatorName, AttributeCondition['value'], string[]]>([
  ['eq', 'x', []],
  ['eq', undefined, ['missing-value']],
  ['exists', undefined, []],
  ['exists', 'yes', ['invalid-value']],
  ['exists', [true], ['invalid-value']],
  ['gt', '1', ['invalid-value']],
  ['gt', [1, Number.NaN, 2, '3'], ['invalid-value', 'invalid-value']],
  ['contains', 1, ['invalid-value']],
  ['matches', ['a', '(', '(?=x)'], ['invalid-regex', 'invalid-regex']],
  ['matches', 'x'.repeat(501), ['regex-too-long']],
  ['matches', '🙂'.repeat(500), []],
  ['matches', 'x{1000}y{1000}z{1000}', ['regex-too-large']],
  ['matches', 7, ['invalid-regex']],
  ['semver_gte', 4.1, ['invalid-semver']],
  ['semver_gte', ['4.1', '4.1.x'], ['invalid-semver']],
  ['before', '2026-02-30T00:00:00Z', ['invalid-date']],
  ['before', 0, []],
  ['after', true, ['invalid-date']],
  [
    'in_cidr',
    ['10.0.0.0/8', '10.0.0.0/33', '010.0.0.0/8', '10.0.0.0/08', '::/129', '::/0'],
    Array(4).fill('invalid-cidr'),
  ],
])('%s with the value %j has the faults %j', (operator, value, codes) => {
  expect(valueFaults(operator, value).map(({ code }) => code)).toEqual(codes);
});

test('a fault of a list says which element', () => {
  expect(valueFaults('matches', ['a', 'b', '('])).toMatchObject([{ code: 'invalid-regex', index: 2 }]);
});

test.each([
  ['x{1000}', undefined],
  ['^[a-z]{1,1000}$', undefined],
  ['^.{0,1000}(\\.[a-z]{2,6})?$', undefined],
  ['x{1001}', 'Repeat at most 1,000 times'],
  ['(x{40}){26}', 'Repeat at most 1,000 times'],
  ['x{2,1}', 'the smaller number first'],
  ['(?=x)', 'no lookaround'],
  ['(', 'a backslash'],
])('the fault of the expression %s comes with a hint that mends it', (value, hint) => {
  const hints = valueFaults('matches', value).map((fault) => fault.hint);
  expect(hints).toEqual(hint === undefined ? [] : [expect.stringContaining(hint)]);
});
