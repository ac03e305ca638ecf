// Whether conditions can hold together: against all contexts that there are, where these can be counted, and within a budget.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compile } from '../../src/engine/compile.ts';
import { evaluate } from '../../src/engine/evaluate.ts';
import { Budget } from '../../src/logic/budget.ts';
import { type Claim, claim } from '../../src/logic/claim.ts';
import { isPossible } from '../../src/logic/possible.ts';
import type { Context } from '../../src/model/context.ts';
import type { AttributeDeclaration, Condition } from '../../src/model/definitions.gen.ts';
import type { SegmentBody } from '../../src/model/snapshot.ts';
import { conditionOver } from '../support/arbitrary-condition.ts';
import { snapshotOfCondition } from '../support/snapshot.ts';

const domains = {
  targetingKey: ['alice', 'bob', 'carol'],
  country: ['US', 'CA', 'DE'],
  plan: ['free', 'pro'],
  beta: [true, false],
} as const;
const attributes = new Map<string, AttributeDeclaration>(
  Object.entries(domains).map(([name, values]) => [
    name,
    { type: name === 'beta' ? 'boolean' : 'string', values: [...values] },
  ]),
);

/** Every context that the declarations allow. */
const contexts = Object.entries(domains).reduce<Context[]>(
  (all, [name, values]) =>
    all.flatMap((context) => [context, ...values.map((value) => ({ ...context, [name]: value }))]),
  [{}],
);

const testOf = (attribute: keyof typeof domains) =>
  fc.oneof(
    fc.record({
      attribute: fc.constant(attribute),
      operator: fc.constantFrom('in' as const, 'not_in' as const),
      value: fc.subarray<string | boolean>([...domains[attribute]], { minLength: 1 }),
    }),
    fc.record({ attribute: fc.constant(attribute), operator: fc.constant('exists' as const) }),
  );
const leaf: fc.Arbitrary<Condition> = fc.oneof(
  ...(Object.keys(domains) as (keyof typeof domains)[]).map(testOf),
  fc.constantFrom('s0', 's1', 's2').map((segment) => ({ segment })),
);
const units = fc.subarray(['alice', 'bob', 'dora'], { minLength: 1 });
const segmentOver = (leaves: fc.Arbitrary<Condition>): fc.Arbitrary<SegmentBody> =>
  fc.record(
    {
      unit: fc.constantFrom('targetingKey', 'beta'),
      include: units,
      exclude: units,
      if: conditionOver(leaves),
    },
    { requiredKeys: ['unit'] },
  ) as fc.Arbitrary<SegmentBody>;
const plainLeaf = fc.oneof(...(Object.keys(domains) as (keyof typeof domains)[]).map(testOf));
const segments = fc.record({
  s0: segmentOver(plainLeaf),
  s1: segmentOver(fc.oneof(plainLeaf, fc.constant({ segment: 's0' }))),
  s2: segmentOver(fc.oneof(plainLeaf, fc.constantFrom({ segment: 's0' }, { segment: 's1' }))),
});
const claims = fc.array(fc.record({ condition: conditionOver(leaf), holds: fc.boolean() }), {
  minLength: 1,
  maxLength: 4,
});

test('exact where every context can be tried', () => {
  const found = { possible: 0, impossible: 0 };
  fc.assert(
    fc.property(claims, segments, (asked, bodies) => {
      const known: { [key: string]: SegmentBody } = bodies;
      const made = asked.map(({ condition, holds }) => claim(condition, holds));
      const answer = isPossible(made, { attributes, segment: (key) => known[key] }, new Budget(1_000_000));
      const and = asked.map(({ condition, holds }) => (holds ? condition : { not: condition }));
      const ruleset = compile(snapshotOfCondition({ and }, bodies));
      const some = contexts.some((context) => evaluate(ruleset, 'flag', context, 0).value === true);
      expect(answer, JSON.stringify([asked, bodies])).toBe(some);
      found[some ? 'possible' : 'impossible'] += 1;
    }),
    { seed: 42, numRuns: 1500 },
  );
  expect(Math.min(found.possible, found.impossible)).toBeGreaterThan(100);
});

const around = { attributes, segment: () => undefined };

test('of an unknown segment nothing is known but that it is one', () => {
  const ask = (...made: Claim[]) => isPossible(made, around, new Budget(100));
  expect(ask(claim({ segment: 'x' }, true), claim({ segment: 'y' }, false))).toBe(true);
  expect(ask(claim({ segment: 'x' }, true), claim({ not: { not: { segment: 'x' } } }, false))).toBe(false);
});

test('segments that refer to each other in a circle are followed once', () => {
  const circle: { [key: string]: SegmentBody } = {
    a: { unit: 'targetingKey', if: { not: { segment: 'b' } } },
    b: { unit: 'targetingKey', if: { segment: 'a' } },
  };
  const budget = new Budget(1000);
  expect(
    isPossible([claim({ segment: 'a' }, false)], { attributes, segment: (key) => circle[key] }, budget),
  ).toBe(false);
  expect(budget.isUsedUp).toBe(false);
});

/** As many pigeons as holes, and one more: no search that goes case by case proves this quickly. */
function pigeons(count: number): Claim[] {
  const sits = (pigeon: number, hole: number): Condition => ({
    attribute: `p${pigeon}h${hole}`,
    operator: 'exists',
  });
  const numbers = Array.from({ length: count }, (_, i) => i);
  const each = [...numbers, count].map((pigeon) =>
    claim({ or: numbers.map((hole) => sits(pigeon, hole)) }, true),
  );
  const alone = numbers.flatMap((hole) =>
    numbers.flatMap((a) =>
      [...numbers, count]
        .filter((b) => b > a)
        .map((b) => claim({ and: [sits(a, hole), sits(b, hole)] }, false)),
    ),
  );
  return [...each, ...alone];
}

test('what cannot be decided within the budget is possible', () => {
  expect(isPossible(pigeons(3), around, new Budget(100_000))).toBe(false);
  const budget = new Budget(100_000);
  expect(isPossible(pigeons(12), around, budget)).toBe(true);
  expect(budget.isUsedUp).toBe(true);
});

test('thousands of open choices neither overflow the stack nor outlast the budget', () => {
  const or = (i: number): Condition => ({
    or: [0, 1, 2].map((part) => ({ attribute: `a${i}`, operator: 'eq', value: part })),
  });
  const many = Array.from({ length: 10_000 }, (_, i) => claim(or(i), true));
  const last = [claim({ attribute: 'a9999', operator: 'exists' }, false)];
  expect(isPossible([...many, ...last], { ...around, attributes: undefined }, new Budget(1_000_000))).toBe(
    false,
  );
  expect(isPossible(many, { ...around, attributes: undefined }, new Budget(1_000))).toBe(true);
});
