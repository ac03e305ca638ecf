// The order in which an answer is found, case by case: which step decides, with which reason, and what the metadata says.
import { expect, test } from 'vitest';
import { compile } from '../../src/engine/compile.ts';
import { evaluate, evaluateAll } from '../../src/engine/evaluate.ts';
import { explain } from '../../src/engine/explain.ts';
import type { Context } from '../../src/model/context.ts';
import { type Bodies, snapshotOfBodies } from '../support/snapshot.ts';
import vectors from '../vectors/order.json' with { type: 'json' };

interface Vector {
  title: string;
  flag: string;
  context: Context;
  now?: string;
  decision: object;
  /** The metadata beside environment, revision and commit. */
  why: object;
}
const ruleset = compile(snapshotOfBodies(withoutNulls(vectors)));
const cases = vectors.cases as Vector[];

/** In the vectors, null stands for a member that is left out. */
function withoutNulls({ salt, flags, segments, experiments }: typeof vectors): Bodies {
  const bodies = Object.entries(flags).map(([key, body]) => {
    const { off, fallthrough, ...rest } = { off: 'off', fallthrough: { serve: 'on' }, ...body };
    return [key, { ...rest, ...{ off: off ?? undefined, fallthrough: fallthrough ?? undefined } }];
  });
  return { salt, flags: Object.fromEntries(bodies), segments, experiments } as Bodies;
}

test.each(cases)('$title', ({ flag, context, now = '2026-06-01T00:00:00Z', decision, why }) => {
  const expected = {
    flag,
    ...decision,
    metadata: { environment: 'prod', revision: 7, commit: 'c0ffee', ...why },
  };
  const nowMs = Date.parse(now);
  expect(evaluate(ruleset, flag, context, nowMs)).toStrictEqual(expected);
  expect(evaluateAll(ruleset, context, nowMs, [flag, flag])).toStrictEqual([expected, expected]);
  expect(explain(ruleset, flag, context, nowMs).decision).toStrictEqual(expected);
});

test('every flag of the vectors has a case', () => {
  expect(new Set(cases.map(({ flag }) => flag))).toEqual(
    new Set([...ruleset.flags.keys(), 'nowhere', 'constructor']),
  );
});

test('a slot takes its share of the layer, and another slot of the layer the rest', () => {
  const slots = compile(
    snapshotOfBodies({
      flags: { a: { fallthrough: { experiment: 'first' } }, b: { fallthrough: { experiment: 'second' } } },
      experiments: {
        first: { layer: 'checkout', slot: { from: 0, to: 33.33 } },
        second: { layer: 'checkout', slot: { from: 33.33, to: 100 } },
      },
    }),
  );
  for (let i = 0; i < 2000; i++) {
    const decisions = evaluateAll(slots, { targetingKey: `user-${i}` }, 0);
    expect(decisions.filter(({ metadata }) => metadata.experiment !== undefined)).toHaveLength(1);
  }
});

test('slots of one layer hash the unit of their own experiment', () => {
  const ruleset = compile(
    snapshotOfBodies({
      flags: { a: { fallthrough: { experiment: 'user' } }, b: { fallthrough: { experiment: 'account' } } },
      experiments: {
        user: { layer: 'l', slot: { from: 0, to: 100 } },
        account: { layer: 'l', slot: { from: 0, to: 100 }, unit: 'account' },
      },
    }),
  );
  const errors = (context: Context) => evaluateAll(ruleset, context, 0).map(({ errorCode }) => errorCode);
  expect(errors({ targetingKey: 'u' })).toEqual([undefined, 'TARGETING_KEY_MISSING']);
  expect(errors({ account: 'x' })).toEqual(['TARGETING_KEY_MISSING', undefined]);
});

test('what is not an object is an invalid context, with the off variation', () => {
  for (const context of [undefined, null, 'alice', 7, true, [], [{ targetingKey: 'alice' }]]) {
    const decision = evaluate(ruleset, 'plain', context as unknown as Context, 0);
    expect(decision).toMatchObject({
      value: false,
      variation: 'off',
      reason: 'ERROR',
      errorCode: 'INVALID_CONTEXT',
    });
    expect(evaluateAll(ruleset, context as unknown as Context, 0, ['plain'])).toEqual([decision]);
    expect(explain(ruleset, 'plain', context as unknown as Context, 0)).toEqual({
      decision,
      steps: [],
      segments: {},
    });
  }
});
