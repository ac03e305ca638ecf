// Definitions beyond what anyone writes: plans of them end soon, and what they leave out they say.
import { expect, test } from 'vitest';
import type { FlagDefinition, FlagEnvironment, Rule } from '../../src/model/definitions.gen.ts';
import { plan, planInProd, type Written } from './support.ts';

const percent = (share: number) => ({ serve: 'on', percent: share });
const eq = (attribute: string, value: string) => ({ attribute, operator: 'eq', value }) as const;
const f = (prod: FlagEnvironment, rest: Partial<FlagDefinition> = {}): NonNullable<Written['flags']> => ({
  f: { ...rest, environments: { prod } },
});

test('of thousands of rules on one attribute the one that changes is found', () => {
  const world = (changed: number): Written => ({
    attributes: { country: { type: 'string' } },
    flags: f({
      rules: Array.from(
        { length: 2_000 },
        (_, n): Rule => ({ if: eq('country', `c${n}`), then: percent(n === 1_400 ? changed : 10) }),
      ),
      serve: 'off',
    }),
  });
  const { cases, limits } = planInProd(world(10), world(25));
  expect(cases).toMatchObject([
    { when: ['country eq c1400'], moves: [{ from: 'off', to: 'on', percent: '15' }] },
  ]);
  expect(limits).toEqual([]);
});

/** `levels` times two flags, each of which requires both of the level before. */
function lattice(levels: number, share: number): Written {
  const flags: NonNullable<Written['flags']> = {};
  const both = (level: number) => ['a', 'b'].map((side) => ({ flag: `${side}${level}`, variation: 'on' }));
  for (let level = 0; level < levels; level++) {
    for (const side of ['a', 'b'])
      flags[`${side}${level}`] = {
        ...(level > 0 && { requires: both(level - 1) }),
        environments: { prod: percent(share) },
      };
  }
  return { flags: { ...flags, ...f({ serve: 'on' }, { requires: both(levels - 1) }) } };
}

test('requirements that meet again and again are asked once each', () => {
  const [found] = planInProd(lattice(8, 50), lattice(8, 100)).cases;
  // Sixteen flags at one half.
  expect(found?.moves).toEqual([{ from: 'off', to: 'on', percent: '99.99847412109375' }]);
});

test.each<[string, Written, Written, RegExp]>([
  ['more draws than an answer can be told of', lattice(30, 50), lattice(30, 60), /more than 40 draws/],
  ['a long chain of requirements', chain(300, 50), chain(300, 60), /more than 200 flags are required/],
  ['segments within segments', segments(300, 'a'), segments(300, 'b'), /segments nest more than 200 deep/],
])('%s: the plan says that it is too much', (_, before, after, reason) => {
  const { cases, limits } = planInProd(before, after);
  expect(cases).toEqual([]);
  expect(limits).toEqual([expect.stringMatching(reason)]);
  expect(plan(before, after).changes.length).toBeGreaterThan(0);
});

function chain(length: number, share: number): Written {
  const links = Array.from({ length }, (_, n): [string, Partial<FlagDefinition>] => [
    `g${n}`,
    {
      ...(n > 0 && { requires: [{ flag: `g${n - 1}`, variation: 'on' }] }),
      environments: { prod: n > 0 ? { serve: 'on' } : percent(share) },
    },
  ]);
  return {
    flags: {
      ...Object.fromEntries(links),
      ...f({ serve: 'on' }, { requires: [{ flag: `g${length - 1}`, variation: 'on' }] }),
    },
  };
}

function segments(depth: number, value: string): Written {
  const links = Array.from({ length: depth }, (_, n) => [
    `s${n}`,
    { if: n === 0 ? eq('x', value) : { or: [{ segment: `s${n - 1}` }, eq('y', `v${n}`)] } },
  ]);
  return {
    segments: Object.fromEntries(links),
    flags: f({ rules: [{ if: { segment: `s${depth - 1}` }, then: { serve: 'on' } }], serve: 'off' }),
  };
}

test('twenty thousand targets and units of a segment are counted one by one', () => {
  const units = Array.from({ length: 20_000 }, (_, n) => `u${n}`);
  const world = (named: string[]): Written => ({
    segments: { staff: { include: named } },
    flags: f({
      targets: { on: named.slice(0, 5_000) },
      rules: [{ if: { segment: 'staff' }, then: { serve: 'on' } }],
      serve: 'off',
    }),
  });
  const { targets, cases } = planInProd(world([]), world(units));
  expect(targets).toMatchObject({ added: 5_000, moved: 5_000 });
  expect(cases).toMatchObject([
    { units: 15_000, moves: [{ from: 'off', to: 'on', units: 15_000, percent: '100' }] },
  ]);
});
