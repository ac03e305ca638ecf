// What holds for every snapshot and every context: no exception, no memory, no disagreement, exact and stable splits.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bucketOf } from '../../src/engine/bucket.ts';
import { compile } from '../../src/engine/compile.ts';
import { evaluate, evaluateAll, evaluateAllInSteps } from '../../src/engine/evaluate.ts';
import { explain } from '../../src/engine/explain.ts';
import type { OperatorName, Outcome, Scalar } from '../../src/model/definitions.gen.ts';
import {
  arbitraryContext,
  arbitrarySnapshot,
  percent,
  weights,
  window,
} from '../support/arbitrary-snapshot.ts';
import { snapshotOfBodies } from '../support/snapshot.ts';

const REASONS = ['STATIC', 'DEFAULT', 'TARGETING_MATCH', 'SPLIT', 'DISABLED', 'ERROR'];
const time = fc.constantFrom(
  Date.parse('2025-06-01T00:00:00Z'),
  Date.parse('2026-06-01T00:00:00Z'),
  Number.NaN,
);
const runs = { numRuns: 1000, seed: 5 };

test('I3: evaluate and explain answer every context of any JSON', () => {
  fc.assert(
    fc.property(arbitrarySnapshot, arbitraryContext, time, (snapshot, context, nowMs) => {
      const ruleset = compile(snapshot);
      for (const decision of evaluateAll(ruleset, context, nowMs)) {
        expect(REASONS).toContain(decision.reason);
        expect(decision.reason === 'ERROR').toBe(decision.errorCode !== undefined);
        expect(Object.isFrozen(decision) && Object.isFrozen(decision.metadata)).toBe(true);
        expect(decision.value === undefined).toBe(decision.variation === undefined);
        JSON.stringify(explain(ruleset, decision.flag, context, nowMs));
      }
    }),
    runs,
  );
});

test('explain never disagrees with evaluate, and its last step made the decision', () => {
  fc.assert(
    fc.property(arbitrarySnapshot, arbitraryContext, time, (snapshot, context, nowMs) => {
      const ruleset = compile(snapshot);
      for (const flag of ruleset.flags.keys()) {
        const { decision, steps } = explain(ruleset, flag, context, nowMs);
        expect(decision).toBe(evaluate(ruleset, flag, context, nowMs));
        const last = steps.at(-1);
        if (decision.metadata.rule !== undefined)
          expect(last).toMatchObject({ step: 'rule', rule: decision.metadata.rule });
        if (decision.metadata.requires !== undefined)
          expect(last).toMatchObject({ step: 'requirement', met: false });
        if (decision.metadata.override !== undefined)
          expect(last).toMatchObject({ step: 'override', stands: true });
        if (decision.reason === 'STATIC' && !decision.metadata.override)
          expect(last?.step).toBe('fallthrough');
      }
    }),
    runs,
  );
});

test('rules that test one attribute for equality are found alike by look-up and one by one', () => {
  const values = fc.constantFrom<Scalar>('a', 'b', '', 1, true);
  const condition = fc.record({
    attribute: fc.constantFrom('x', 'x', 'x', 'y'),
    operator: fc.constantFrom<OperatorName>('eq', 'in', 'eq', 'neq'),
    value: fc.oneof(values, fc.array(values, { minLength: 1, maxLength: 3 })),
    ignore_case: fc.constantFrom(false, false, true),
  });
  const tested = fc.record(
    { if: condition, then: fc.record({ serve: fc.constant('on'), percent }, { requiredKeys: ['serve'] }) },
    { requiredKeys: ['then', 'if'] },
  );
  const rule = fc
    .tuple(tested, fc.oneof(fc.constant({}), window))
    .map(([each, when]) => ({ ...each, ...when }));
  const found = fc.oneof(values, fc.array(values, { maxLength: 3 }), fc.constantFrom(null, {}, 'c', 'A'));
  const context = fc.record(
    { x: found, y: found, targetingKey: fc.constantFrom('u', 'v') },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.array(rule, { maxLength: 12 }), context, time, (rules, subject, nowMs) => {
      const ruleset = compile(snapshotOfBodies({ flags: { flag: { rules } } }));
      // `explain` goes rule by rule.
      expect(evaluate(ruleset, 'flag', subject, nowMs)).toBe(
        explain(ruleset, 'flag', subject, nowMs).decision,
      );
    }),
    { numRuns: 5000, seed: 5 },
  );
});

test('I1: the same snapshot, context and time give the same decision, whatever was asked before', () => {
  fc.assert(
    fc.property(
      arbitrarySnapshot,
      arbitraryContext,
      arbitraryContext,
      time,
      (snapshot, context, other, nowMs) => {
        const [a, b] = [compile(snapshot), compile(JSON.parse(JSON.stringify(snapshot)))];
        const before = JSON.stringify(context);
        const first = evaluateAll(a, context, nowMs);
        evaluateAll(b, other, 0);
        const keys = [...b.flags.keys()].reverse();
        const second = keys.map((flag) => evaluate(b, flag, context, nowMs)).reverse();
        expect(second).toEqual(first);
        expect(evaluateAll(a, context, nowMs).every((decision, index) => decision === first[index])).toBe(
          true,
        );
        expect(JSON.stringify(context)).toBe(before);
      },
    ),
    runs,
  );
});

test('I1: decided in steps, between which others are, all flags decide as they do at once', () => {
  /** Steps of each in turn, by chance, to the end of all. */
  const inTurn = <Result>(works: Iterator<void, Result>[], order: readonly number[]): Result[] => {
    const results: Result[] = [];
    const open = works.map((work, at) => ({ work, at }));
    for (let turn = 0; open.length > 0; turn++) {
      const chosen = (order[turn % order.length] as number) % open.length;
      const { work, at } = open[chosen] as (typeof open)[number];
      const step = work.next();
      if (!step.done) continue;
      results[at] = step.value;
      open.splice(chosen, 1);
    }
    return results;
  };
  const contexts = fc.array(arbitraryContext, { minLength: 2, maxLength: 4 });
  const order = fc.array(fc.nat(3), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(arbitrarySnapshot, contexts, order, time, (snapshot, subjects, turns, nowMs) => {
      const ruleset = compile(snapshot);
      const named = [...ruleset.flags.keys(), 'nowhere'].reverse();
      const asked = subjects.map((context, at) => ({ context, flags: [undefined, named, []][at % 3] }));
      const works = asked.map(({ context, flags }) => evaluateAllInSteps(ruleset, context, nowMs, flags));
      expect(inTurn(works, turns)).toEqual(
        asked.map(({ context, flags }) => evaluateAll(ruleset, context, nowMs, flags)),
      );
    }),
    { ...runs, numRuns: 300 },
  );
});

/** For each bucket of this name a unit that falls into it. */
function unitsByBucket(name: string): string[] {
  const units: string[] = [];
  for (let i = 0, found = 0; found < 10_000; i++) {
    const bucket = bucketOf('salt', name, `u${i}`);
    if (units[bucket] === undefined) found++;
    units[bucket] ??= `u${i}`;
  }
  return units;
}
const units = unitsByBucket('flag');

/** The variation of each of the 10,000 buckets, in order. */
function variationsOf(fallthrough: Outcome): (string | undefined)[] {
  const variations = Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f', 'off'].map((key) => [key, key]));
  const flag = { type: 'string', variations, fallthrough } as const;
  const ruleset = compile(snapshotOfBodies({ salt: 'salt', flags: { flag } }));
  return units.map((targetingKey) => evaluate(ruleset, 'flag', { targetingKey }, 0).variation);
}

test('a rollout gives each variation exactly its share of the 10,000 buckets, in the order written', () => {
  fc.assert(
    fc.property(weights, (each) => {
      const variations = each.map((weight, index) => ({ key: 'abcdef'[index] ?? '', weight }));
      const expected = variations.flatMap(({ key, weight }) =>
        Array<string>(Math.round(weight * 100)).fill(key),
      );
      expect(variationsOf({ rollout: { variations } }).join('')).toBe(expected.join(''));
    }),
    { numRuns: 20, seed: 5 },
  );
});

test('a percentage takes exactly its share, and raising it never moves a unit that was in', () => {
  fc.assert(
    fc.property(percent, percent, (p, q) => {
      const [low, high] = [Math.min(p, q), Math.max(p, q)].map((each) =>
        variationsOf({ serve: 'a', percent: each }),
      );
      expect(low?.filter((each) => each === 'a')).toHaveLength(Math.round(Math.min(p, q) * 100));
      expect(low?.every((each, bucket) => each !== 'a' || high?.[bucket] === 'a')).toBe(true);
    }),
    { numRuns: 20, seed: 5 },
  );
});

test('flags, experiments and layers of different names split independently, and the rules of one flag alike', () => {
  const half = { serve: 'on', percent: 50 };
  const ruleset = compile(
    snapshotOfBodies({
      flags: {
        a: { fallthrough: half },
        b: { fallthrough: half },
        ab: { rules: [{ ...ifEven, then: half }], fallthrough: half },
        experiment: { fallthrough: { experiment: 'a' } },
        another: { fallthrough: { experiment: 'b' } },
      },
      experiments: { a: {}, b: { layer: 'a', slot: { from: 0, to: 100 } } },
    }),
  );
  const total = 20_000;
  const together: { [pair: string]: number } = {};
  for (let i = 0; i < total; i++) {
    const decisions = evaluateAll(ruleset, { targetingKey: `user-${i}`, even: i % 2 === 0 }, 0);
    for (const x of decisions) {
      for (const y of decisions) {
        if (x.variation === 'on' && y.variation === 'on')
          together[`${x.flag} ${y.flag}`] = (together[`${x.flag} ${y.flag}`] ?? 0) + 1;
      }
    }
    const [, , both] = decisions;
    expect(both?.variation).toBe(bucketOf('c07d2e', 'ab', `user-${i}`) < 5000 ? 'on' : 'off');
  }
  for (const [pair, count] of Object.entries(together)) {
    const [x, y] = pair.split(' ');
    // Half of them, or a quarter where two are independent, within six standard deviations.
    if (x === y) expect(Math.abs(count - total / 2), pair).toBeLessThan(425);
    else expect(Math.abs(count - total / 4), pair).toBeLessThan(370);
  }
});

const ifEven = { if: { attribute: 'even', operator: 'eq', value: true } } as const;
