// What plans say of subjects who have no unit, and which cases come first.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { snapshotOf } from '../../src/definitions/environments.ts';
import { compile, type Ruleset } from '../../src/engine/compile.ts';
import { evaluate } from '../../src/engine/evaluate.ts';
import type { Context } from '../../src/model/context.ts';
import type { Definitions } from '../../src/model/definition.ts';
import type { FlagEnvironment, ServeOutcome } from '../../src/model/definitions.gen.ts';
import type { EnvironmentPlan } from '../../src/plan/plan.ts';
import { arbitrarySubject } from './arbitrary-change.ts';
import { everyChange } from './every-change.ts';
import { inProd, nowMs, planInProd, planOfDefinitions, type Written } from './support.ts';

const us = { attribute: 'country', operator: 'eq', value: 'US' } as const;
const percent = (share: number): ServeOutcome => ({ serve: 'on', percent: share });
const MISSING = { from: 'off', fromError: 'TARGETING_KEY_MISSING' };
const NOW_MISSING = { to: 'off', toError: 'TARGETING_KEY_MISSING' };

describe('subjects without a unit', () => {
  const without = (before: Written, after: Written) => planInProd(before, after).without;
  const key = (...moves: object[]) => [{ units: ['targetingKey'], moves }];

  const rows: [string, FlagEnvironment, FlagEnvironment, object[]][] = [
    ['a split that begins', { serve: 'off' }, percent(0), key({ from: 'off', ...NOW_MISSING })],
    ['a split that ends', percent(100), { serve: 'on' }, key({ ...MISSING, to: 'on' })],
    ['a share that grows', percent(10), percent(25), []],
    [
      'a rule above a split',
      { serve: 'off', rules: [{ if: us, then: percent(10) }] },
      { serve: 'off', rules: [{ then: { serve: 'off' } }, { if: us, then: percent(10) }] },
      key({ ...MISSING, to: 'off' }),
    ],
    [
      'a rule for them is not told twice',
      { serve: 'off', rules: [{ if: us, then: percent(10) }] },
      { serve: 'on', rules: [{ if: us, then: percent(10) }] },
      [],
    ],
  ];
  test.each(rows)('%s', (_, before, after, expected) => {
    expect(without(inProd(before), inProd(after))).toEqual(expected);
  });

  test('that targets go the same way is no reason not to tell it', () => {
    const world = (serve: FlagEnvironment): Written => ({
      flags: {
        f: {
          requires: [{ flag: 'r', variation: 'on' }],
          environments: { prod: { targets: { on: ['a'] }, rules: [{ if: us, then: { serve: 'on' } }] } },
        },
        r: { environments: { prod: serve } },
      },
    });
    const plan = planInProd(world({ serve: 'on' }), world({ serve: 'on', percent: 0 }));
    expect(plan).toMatchObject({ targets: { moves: [{ from: 'on', to: 'off', units: 1 }] } });
    expect(plan.without).toEqual([]);
    const half = planInProd(world({ serve: 'on' }), world({ serve: 'on', percent: 0.01 }));
    expect(half).toMatchObject({
      targets: { moves: [{ from: 'on', to: 'off', units: 1 }] },
      without: key({ from: 'on', to: 'off' }),
    });
  });

  test('a rule that none of them can meet tells nothing of them', () => {
    const rule = {
      if: { attribute: 'targetingKey', operator: 'eq', value: 'a' },
      then: { serve: 'on' },
    } as const;
    expect(without(inProd(percent(10)), inProd({ ...percent(10), rules: [rule] }))).toEqual([]);
  });

  test('an error and no value are the same to an app', () => {
    const named = { variations: { on: true, no: false } };
    expect(without(inProd({}, named), inProd(percent(0), named))).toEqual([]);
  });

  test('what a required flag asks of them is told of the flag that requires it', () => {
    const world = (prod: FlagEnvironment): Written => ({
      flags: {
        f: { requires: [{ flag: 'r', variation: 'on' }], environments: { prod: { serve: 'on' } } },
        r: { environments: { prod } },
      },
    });
    expect(planInProd(world({ serve: 'on' }), world(percent(100)))).toMatchObject({
      cases: [],
      without: key({ from: 'on', to: 'off' }),
    });
  });
});

test('who lacks the unit of a required flag is told of, a target too', () => {
  const world = (prod: FlagEnvironment): Written => ({
    flags: {
      f: {
        requires: [{ flag: 'r', variation: 'on' }],
        environments: { prod: { targets: { on: ['a'] }, serve: 'off' } },
      },
      r: { unit: 'company', environments: { prod } },
    },
  });
  expect(planInProd(world({ serve: 'on' }), world(percent(100)))).toMatchObject({
    cases: [],
    targets: { moved: 0 },
    without: [{ units: ['company'], moves: [{ from: 'on', to: 'off' }] }],
  });
});

test('who lacks two units is told of where that is another way than of who lacks one', () => {
  const world = (prod: FlagEnvironment): Written => ({
    flags: {
      f: {
        requires: [{ flag: 'r', variation: 'on' }],
        environments: { prod: { serve: 'off', rules: [{ if: us, then: percent(100) }] } },
      },
      r: { unit: 'company', environments: { prod } },
    },
  });
  expect(planInProd(world({ serve: 'on' }), world(percent(100))).without).toEqual([
    { units: ['company'], moves: [{ from: 'on', to: 'off' }] },
    { units: ['company', 'targetingKey'], moves: [{ ...MISSING, to: 'off' }] },
  ]);
});

test('cases come by how many of them move, and units that are named last', () => {
  const rule = (value: string, share: number) => ({ if: { ...us, value }, then: percent(share) });
  const world = (shares: number[], include: string[]): Written => ({
    attributes: { country: { type: 'string' } },
    segments: { staff: { include } },
    flags: {
      f: {
        environments: {
          prod: {
            rules: [
              { if: { segment: 'staff' }, then: { serve: 'on' } },
              ...['CA', 'US', 'DE'].map((country, index) => rule(country, shares[index] ?? 0)),
            ],
            serve: 'off',
          },
        },
      },
    },
  });
  const { cases } = planInProd(world([0, 0, 0], ['a']), world([10, 30, 20], ['a', 'b', 'c']));
  expect(cases.map(({ moves, units }) => [moves[0]?.percent, units]).slice(0, 3)).toEqual([
    ['30', undefined],
    ['20', undefined],
    ['10', undefined],
  ]);
  expect(cases.slice(3).length).toBeGreaterThan(0);
  expect(cases.slice(3).every(({ units }) => units !== undefined)).toBe(true);
});

/** As apps see it: an error is no value. */
function answers(sides: readonly Ruleset[], context: Context) {
  return sides.map((side) => {
    const { variation, value, errorCode } = evaluate(side, 'f', context, nowMs);
    return { variation, errorCode, seen: errorCode === undefined ? value : undefined };
  });
}

function planOfF(before: Definitions, after: Definitions): EnvironmentPlan | undefined {
  return planOfDefinitions(before, after).flags.find(({ flag }) => flag === 'f')?.environments[0];
}

/** Subjects of whom some have no unit. */
const anySubject = fc.tuple(arbitrarySubject, fc.boolean(), fc.boolean()).map(
  ([{ targetingKey, group, ...rest }, hasKey, hasGroup]): Context => ({
    ...rest,
    ...(hasKey && targetingKey !== undefined && { targetingKey }),
    ...(hasGroup && group !== undefined && { group }),
  }),
);

test('nobody moves of whom the plan says nothing, with a unit or without one', () => {
  let moved = 0;
  everyChange({ seed: 17, runs: 300, subjects: 20, subject: anySubject }, (before, after, subjects) => {
    const plan = planOfF(before, after);
    if (plan && plan.limits.length > 0) return;
    const sides = [before, after].map((side) => compile(snapshotOf(side, 'prod', 1)));
    const isTarget = (context: Context) =>
      sides.some((side) => {
        const flag = side.flags.get('f');
        return flag?.targets.has(String(context[flag.body.unit]));
      });
    for (const context of subjects) {
      const [from, to] = answers(sides, context);
      if (from?.seen === to?.seen && from?.variation === to?.variation) continue;
      if (from?.seen === undefined && to?.seen === undefined) continue;
      moved++;
      const ways = [...(plan?.cases ?? []), ...(plan?.without ?? [])].flatMap(({ moves }) => [...moves]);
      const isTold = ways.some(
        (way) =>
          way.from === from?.variation &&
          way.fromError === from?.errorCode &&
          way.to === to?.variation &&
          way.toError === to?.errorCode,
      );
      const { moved: certain = 0, depends = 0 } = plan?.targets ?? {};
      expect(isTold || (isTarget(context) && certain + depends > 0)).toBe(true);
    }
  });
  expect(moved).toBeGreaterThan(300);
});
