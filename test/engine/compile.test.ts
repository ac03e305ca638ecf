// Compiling: what is refused, and that a ruleset can be shared: frozen, in steps, in order.
import { expect, test } from 'vitest';
import { compile, compileInSteps } from '../../src/engine/compile.ts';
import { CompileError } from '../../src/engine/compile-error.ts';
import { evaluate, evaluateAll, evaluateAllInSteps } from '../../src/engine/evaluate.ts';
import type { Condition, OperatorName } from '../../src/model/definitions.gen.ts';
import type { FlagBody } from '../../src/model/snapshot.ts';
import { type Bodies, snapshotOfBodies, snapshotOfCondition } from '../support/snapshot.ts';

function nest(depth: number): Condition {
  let condition: Condition = { attribute: 'a', operator: 'exists' };
  for (let i = 0; i < depth; i++) condition = { not: condition };
  return condition;
}

const on = { serve: 'on' };
const half = { key: 'on', weight: 50 };
const rule = (condition: Condition): Bodies => ({ flags: { bad: { rules: [{ if: condition, then: on }] } } });
const refused: [string, Bodies, string, string][] = [
  [
    'an unknown variation in the fallthrough',
    { flags: { bad: { fallthrough: { serve: 'x' } } } },
    'flag',
    '`x`',
  ],
  [
    'an unknown variation named like a member of every object',
    { flags: { bad: { fallthrough: { serve: 'toString' } } } },
    'flag',
    '`toString`',
  ],
  ['an unknown off variation', { flags: { bad: { off: 'x' } } }, 'flag', '`x`'],
  ['an unknown variation among the targets', { flags: { bad: { targets: { x: ['a'] } } } }, 'flag', '`x`'],
  [
    'an unknown variation in a rollout',
    { flags: { bad: { fallthrough: { rollout: { variations: [half, { key: 'x', weight: 50 }] } } } } },
    'flag',
    '`x`',
  ],
  [
    'weights that do not sum to 100',
    { flags: { bad: { fallthrough: { rollout: { variations: [half] } } } } },
    'flag',
    '50',
  ],
  [
    'an unknown required variation',
    { flags: { bad: { requires: [{ flag: 'ok', variation: 'x' }] }, ok: {} } },
    'flag',
    '`x`',
  ],
  [
    'an unknown variation of an override',
    { flags: { bad: { override: { serve: 'x', until: '2026-01-01T00:00:00Z' } } } },
    'flag',
    '`x`',
  ],
  [
    'an override without an end',
    { flags: { bad: { override: { serve: 'on', until: 'later' } } } },
    'flag',
    '`later`',
  ],
  [
    'an arm that is no variation',
    {
      flags: { bad: { fallthrough: { experiment: 'e' } } },
      experiments: { e: { arms: [{ variation: 'x', weight: 100 }] } },
    },
    'flag',
    '`x`',
  ],
  ['an invalid regular expression', rule({ attribute: 'a', operator: 'matches', value: '(' }), 'flag', '`(`'],
  [
    'an operator that there is not',
    rule({ attribute: 'a', operator: 'toString' as OperatorName, value: 1 }),
    'flag',
    '`toString`',
  ],
  ['a missing value', rule({ attribute: 'a', operator: 'eq' }), 'flag', '`eq`'],
  ['a condition that nests too deep', rule(nest(40)), 'flag', 'nests'],
  [
    'an invalid value in a segment',
    { segments: { bad: { if: { attribute: 'a', operator: 'gt', value: '1' } } } },
    'segment',
    '"1"',
  ],
  ['a segment that names itself', { segments: { bad: { if: { segment: 'bad' } } } }, 'segment', 'bad -> bad'],
  [
    'segments in a circle',
    {
      segments: {
        ok: { if: { segment: 'bad' } },
        bad: { if: { or: [{ segment: 'b' }] } },
        b: { if: { segment: 'bad' } },
      },
    },
    'segment',
    'bad -> b -> bad',
  ],
  [
    'flags that require each other',
    {
      flags: {
        bad: { requires: [{ flag: 'b', variation: 'on' }] },
        b: { requires: [{ flag: 'bad', variation: 'on' }] },
      },
    },
    'flag',
    'bad -> b -> bad',
  ],
];
test.each(refused)('%s does not compile', (_, bodies, kind, words) => {
  const attempt = () => compile(snapshotOfBodies(bodies));
  expect(attempt).toThrow(CompileError);
  expect(attempt).toThrow(
    expect.objectContaining({ kind, key: 'bad', message: expect.stringContaining(words) }),
  );
});

test('a snapshot without its project does not compile', () => {
  const snapshot = snapshotOfBodies({});
  expect(() => compile({ ...snapshot, definitions: [] })).toThrow('project `acme/shop`');
});

test('conditions nest as deep as definitions may', () => {
  expect(evaluate(compile(snapshotOfCondition(nest(16))), 'flag', { a: 1 }, 0).value).toBe(true);
});

test('definitions may stand in any order, and flags are listed as the snapshot lists them', () => {
  const flags = {
    c: { requires: [{ flag: 'a', variation: 'on' }] },
    b: {},
    a: { requires: [{ flag: 'b', variation: 'on' }] },
  };
  const ruleset = compile(snapshotOfBodies({ flags }));
  expect([...ruleset.flags.keys()]).toEqual(['c', 'b', 'a']);
  expect(evaluateAll(ruleset, {}, 0).map(({ flag }) => flag)).toEqual(['c', 'b', 'a']);
  expect(evaluateAll(ruleset, {}, 0, ['a', 'x', 'c']).map(({ flag, reason }) => `${flag} ${reason}`)).toEqual(
    ['a DEFAULT', 'x ERROR', 'c DEFAULT'],
  );
});

test('decisions are made once, and nobody can change them', () => {
  const value = { list: [{ x: 1 }] };
  const ruleset = compile(
    snapshotOfBodies({
      flags: { flag: { type: 'json', variations: { on: value }, off: undefined as never } },
    }),
  );
  const decision = evaluate(ruleset, 'flag', {}, 0);
  expect(evaluate(ruleset, 'flag', { a: 1 }, 5)).toBe(decision);
  expect(() => ((decision.value as typeof value).list[0] = { x: 2 })).toThrow(TypeError);
  expect(() => Object.assign(decision.metadata, { environment: 'dev' })).toThrow(TypeError);
});

test('a commit is named only where there is one', () => {
  const { commit, ...snapshot } = snapshotOfBodies({ flags: { flag: {} } });
  expect(commit).toBe('c0ffee');
  expect(evaluate(compile(snapshot), 'flag', {}, 0).metadata).toStrictEqual({
    environment: 'prod',
    revision: 7,
  });
});

test('a ruleset knows the flags to which time matters', () => {
  const at = '2026-01-01T00:00:00Z';
  const flags: { [key: string]: Partial<FlagBody> } = {
    plain: { rules: [{ then: { serve: 'on', percent: 5 } }] },
    overridden: { override: { serve: 'on', until: at } },
    ramp: { rules: [{ then: { serve: 'on', ramp: [{ at, percent: 5 }] } }] },
    from: { rules: [{ from: at, then: { serve: 'on' } }] },
    until: { rules: [{ until: at, then: { serve: 'on' } }] },
    everyone: { fallthrough: { serve: 'on', ramp: [{ at, percent: 5 }] } },
  };
  const scheduled = compile(snapshotOfBodies({ flags })).scheduled.map(({ key }) => key);
  expect(scheduled).toEqual(['overridden', 'ramp', 'from', 'until', 'everyone']);
});

test('compiling can be interrupted at every definition', () => {
  const flags = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`f${i}`, {}]));
  const steps = compileInSteps(snapshotOfBodies({ flags }));
  let count = 0;
  while (!steps.next().done) count++;
  expect(count).toBeGreaterThan(1000);
});

test('a ruleset keeps nobody’s attributes, also of those who do not wait for the end', () => {
  const ruleset = compile(snapshotOfBodies({ flags: { flag: {}, other: {} } }));
  const context = { email: 'ada@example.com' };
  evaluate(ruleset, 'flag', context, 0);
  evaluateAll(ruleset, context, 0);
  expect(ruleset.subject.context).toEqual({});
  const steps = evaluateAllInSteps(ruleset, context, 0);
  steps.next();
  expect(ruleset.subject.context).toBe(context);
  steps.return([]);
  expect(ruleset.subject.context).toEqual({});
});
