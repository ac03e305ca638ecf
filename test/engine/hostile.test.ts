// I3 against hostile contexts and against definitions that refer to each other thousands deep.
import { expect, test } from 'vitest';
import { compile, type Ruleset } from '../../src/engine/compile.ts';
import { evaluate, evaluateAll } from '../../src/engine/evaluate.ts';
import { explain } from '../../src/engine/explain.ts';
import type { JsonValue } from '../../src/lib/json.ts';
import type { Context } from '../../src/model/context.ts';
import type { AttributeCondition, Condition } from '../../src/model/definitions.gen.ts';
import { snapshotOfBodies, snapshotOfCondition } from '../support/snapshot.ts';
import vectors from '../vectors/operators.json' with { type: 'json' };

const allOperators: Condition[] = vectors.map(
  (vector) => ({ attribute: 'a', ...vector.if, ignore_case: true }) as AttributeCondition,
);
const everything = compile(
  snapshotOfCondition({ or: allOperators.map((condition) => ({ and: [condition, condition] })) }),
);

/** A JSON value nested that deep, made without recursion. */
function nested(depth: number, wrap: (inner: JsonValue) => JsonValue): JsonValue {
  let value: JsonValue = 'x';
  for (let i = 0; i < depth; i++) value = wrap(value);
  return value;
}

const long = 'x'.repeat(1_000_000);
test.each<[string, JsonValue]>([
  ['an object nested 200,000 deep', nested(200_000, (a) => ({ a }))],
  ['a list nested 200,000 deep', nested(200_000, (a) => [a])],
  ['a list of a million elements', Array<string>(1_000_000).fill('x')],
  ['a list of 1,000 long texts', Array<string>(1000).fill('x'.repeat(250))],
  [
    'an object of 100,000 members',
    Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`k${i}`, i])),
  ],
  ['a text of a million characters', long],
  ['a million digits', '1'.repeat(1_000_000)],
  ['a version with a million identifiers', `1.0.0-${'a.'.repeat(500_000)}a`],
  ['a million dots', '.'.repeat(1_000_000)],
  ['a million colons', ':'.repeat(1_000_000)],
  ['a text of lone surrogates', '\ud800'.repeat(1000)],
])('I3: %s is answered, and explained briefly', (_, a) => {
  for (const context of [{ a }, { targetingKey: a }, { a: { a } }] as Context[]) {
    const decision = evaluate(everything, 'flag', context, 0);
    const explanation = explain(everything, 'flag', context, 0);
    expect(explanation.decision).toBe(decision);
    expect(JSON.stringify(explanation).length).toBeLessThan(200_000);
  }
});

test('I3: no more is read of a list or an object a thousand times as large', () => {
  const reads = (a: object): number => {
    let count = 0;
    const watched = new Proxy(a, {
      get: (target, name) => {
        count += 1;
        return Reflect.get(target, name);
      },
      getOwnPropertyDescriptor: (target, name) => {
        count += 1;
        return Reflect.getOwnPropertyDescriptor(target, name);
      },
    });
    const context = { a: watched } as unknown as Context;
    evaluate(everything, 'flag', context, 0);
    explain(everything, 'flag', context, 0);
    return count;
  };
  const members = (length: number) => Object.fromEntries(Array.from({ length }, (_, i) => [`k${i}`, i]));
  expect(reads(Array(1_000).fill('x'))).toBeGreaterThan(1_000);
  expect(reads(Array(1_000_000).fill('x'))).toBeLessThanOrEqual(reads(Array(1_000).fill('x')));
  expect(reads(members(100_000))).toBeLessThanOrEqual(reads(members(100)));
});

test('a list of 1,000 elements is looked through, a longer one fits nothing', () => {
  const is = compile(snapshotOfCondition({ attribute: 'a', operator: 'eq', value: 'y' }));
  const isNot = compile(snapshotOfCondition({ attribute: 'a', operator: 'neq', value: 'y' }));
  const listOf = (length: number): Context => ({ a: [...Array<string>(length - 1).fill('x'), 'y'] });
  expect(evaluate(is, 'flag', listOf(1000), 0).value).toBe(true);
  expect(evaluate(isNot, 'flag', listOf(1000), 0).value).toBe(false);
  expect(evaluate(is, 'flag', listOf(1001), 0).value).toBe(false);
  expect(evaluate(isNot, 'flag', listOf(1001), 0).value).toBe(true);
});

test('a text of 1,024 characters is matched, a longer one fits no expression', () => {
  const matches = compile(snapshotOfCondition({ attribute: 'a', operator: 'matches', value: 'x$' }));
  const matchesNot = compile(snapshotOfCondition({ attribute: 'a', operator: 'not_matches', value: 'x$' }));
  for (const [length, fits] of [
    [1024, true],
    [1025, false],
  ] as const) {
    const a = `${'🙂'.repeat(length - 1)}x`;
    expect(evaluate(matches, 'flag', { a }, 0).value).toBe(fits);
    expect(evaluate(matchesNot, 'flag', { a }, 0).value).toBe(!fits);
  }
});

test.each([
  'toString',
  'constructor',
  'hasOwnProperty',
  '__proto__',
  'valueOf',
  '__proto__.toString',
  'a.length',
  'a.0',
])('the attribute %s is none that the context does not hold itself', (attribute) => {
  const exists = compile(snapshotOfCondition({ attribute, operator: 'exists' }));
  const is = compile(snapshotOfCondition({ attribute, operator: 'eq', value: 'inherited' }));
  const isNot = compile(snapshotOfCondition({ attribute, operator: 'neq', value: 'x' }));
  for (const context of [{}, { a: 'text' }, { a: ['list'] }, Object.create({ [attribute]: 'inherited' })]) {
    for (const ruleset of [exists, is, isNot])
      expect(evaluate(ruleset, 'flag', context, 0).value).toBe(false);
  }
  const own = JSON.parse(`{ ${JSON.stringify(attribute)}: "own" }`) as Context;
  expect(evaluate(exists, 'flag', own, 0).value).toBe(true);
  expect(evaluate(exists, 'flag', Object.assign(Object.create(null), { a: 1 }), 0).value).toBe(false);
});

test('an attribute that is undefined is missing', () => {
  for (const operator of ['neq', 'exists', 'not_contains'] as const) {
    const condition = { attribute: 'a', operator, ...(operator !== 'exists' && { value: 'x' }) };
    expect(evaluate(compile(snapshotOfCondition(condition)), 'flag', { a: undefined }, 0).value).toBe(false);
  }
});

test('flags, segments, variations and units may be named like members of every object', () => {
  const names = ['constructor', 'tostring', 'valueof'];
  const ruleset = compile(
    snapshotOfBodies({
      flags: Object.fromEntries(
        names.map((key) => [
          key,
          { variations: { on: true, off: false, constructor: true }, targets: { constructor: ['toString'] } },
        ]),
      ),
    }),
  );
  expect(evaluate(ruleset, 'constructor', { targetingKey: 'toString' }, 0).variation).toBe('constructor');
  expect(evaluate(ruleset, 'constructor', { targetingKey: 'valueOf' }, 0).variation).toBe('on');
  expect(evaluate(ruleset, 'toString', {}, 0).errorCode).toBe('FLAG_NOT_FOUND');
});

const DEEP = 20_000;
const chain = Array.from({ length: DEEP }, (_, i) => i);

/** Each segment names the next one; the last one tests the country. */
function chainOfSegments(): Ruleset {
  const last: Condition = { attribute: 'country', operator: 'eq', value: 'US' };
  const conditionOf = (i: number): Condition => {
    const inner: Condition = i === DEEP - 1 ? last : { segment: `s${i + 1}` };
    return { not: { not: { and: [{ or: [inner] }] } } };
  };
  const segments = Object.fromEntries(chain.map((i) => [`s${i}`, { if: conditionOf(i) }]));
  const rules = [{ if: { segment: 's0' }, then: { serve: 'on' } }];
  return compile(snapshotOfBodies({ flags: { flag: { rules, fallthrough: { serve: 'off' } } }, segments }));
}

test('I3: a chain of 20,000 segments does not overflow the stack', () => {
  const ruleset = chainOfSegments();
  for (const country of ['US', 'CA', 'US']) {
    expect(evaluate(ruleset, 'flag', { country }, 0).value).toBe(country === 'US');
    expect(evaluateAll(ruleset, { country }, 0)[0]?.value).toBe(country === 'US');
    const { decision, segments } = explain(ruleset, 'flag', { country }, 0);
    expect(decision.value).toBe(country === 'US');
    expect(Object.keys(segments)).toHaveLength(DEEP);
  }
});

test('I3: a chain of 20,000 requirements does not overflow the stack', () => {
  const flags = Object.fromEntries(
    chain.map((i) => {
      const rules = [
        { if: { attribute: 'country', operator: 'eq', value: 'US' } as const, then: { serve: 'off' } },
      ];
      return [`f${i}`, i === DEEP - 1 ? { rules } : { requires: [{ flag: `f${i + 1}`, variation: 'on' }] }];
    }),
  );
  const ruleset = compile(snapshotOfBodies({ flags }));
  expect(evaluate(ruleset, 'f0', {}, 0)).toMatchObject({ value: true, reason: 'DEFAULT' });
  expect(evaluate(ruleset, 'f0', { country: 'US' }, 0)).toMatchObject({
    value: false,
    metadata: { requires: 'f1' },
  });
  expect(evaluateAll(ruleset, {}, 0).every(({ value }) => value === true)).toBe(true);
  expect(explain(ruleset, 'f0', {}, 0).decision.value).toBe(true);
});

test('I3: segments that name each other in every way are worked out once each', () => {
  // Written out, this would be 2^60 tests.
  const segments = Object.fromEntries(
    Array.from({ length: 60 }, (_, i) => {
      const next: Condition = i === 59 ? { attribute: 'a', operator: 'exists' } : { segment: `s${i + 1}` };
      return [`s${i}`, { if: { and: [next, { not: { not: next } }] } }];
    }),
  );
  const ruleset = compile(snapshotOfCondition({ segment: 's0' }, segments));
  expect(evaluate(ruleset, 'flag', { a: 1 }, 0).value).toBe(true);
  expect(evaluate(ruleset, 'flag', {}, 0).value).toBe(false);
});
