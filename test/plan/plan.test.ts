// What a plan says of small changes, and of those that people make every day.
import { describe, expect, test } from 'vitest';
import type { FlagEnvironment } from '../../src/model/definitions.gen.ts';
import { dimension } from '../../src/plan/program.ts';
import { inProd, inShort, plan, planInProd, type Written } from './support.ts';

const us = { attribute: 'country', operator: 'eq', value: 'US' } as const;
const pro = { attribute: 'plan', operator: 'eq', value: 'pro' } as const;

function cases(before: Written, after: Written): string[] {
  return planInProd(before, after).cases.map(inShort);
}

const percent = (share: number): FlagEnvironment => ({ serve: 'on', percent: share });

describe('who moves', () => {
  test('10% to 25% moves 15% from off to on, and nobody back', () => {
    expect(cases(inProd(percent(10)), inProd(percent(25)))).toEqual([
      'on 10, off 90 -> on 25, off 75: off -> on 15',
    ]);
  });

  const rows: [string, FlagEnvironment, FlagEnvironment, string[]][] = [
    [
      'a smaller percentage moves back',
      percent(25),
      percent(10.5),
      ['on 25, off 75 -> on 10.5, off 89.5: on -> off 14.5'],
    ],
    [
      'a flag that goes on moves all',
      { serve: 'off' },
      { serve: 'on' },
      ['off 100 -> on 100: off -> on 100'],
    ],
    [
      'the kill switch moves those who are on',
      percent(30),
      { ...percent(30), enabled: false },
      ['on 30, off 70 -> off 100: on -> off 30'],
    ],
    [
      'a new rule moves those for whom it holds',
      { serve: 'off' },
      { serve: 'off', rules: [{ if: us, then: { serve: 'on', percent: 0.01 } }] },
      ['off 100 -> on 0.01, off 99.99: off -> on 0.01, of country eq US'],
    ],
    [
      'a rule behind others moves whom they leave',
      {
        rules: [
          { if: us, then: { serve: 'on' } },
          { if: pro, then: percent(10) as { serve: string } },
        ],
        serve: 'off',
      },
      {
        rules: [
          { if: us, then: { serve: 'on' } },
          { if: pro, then: percent(20) as { serve: string } },
        ],
        serve: 'off',
      },
      ['on 10, off 90 -> on 20, off 80: off -> on 10, of plan eq pro and not country eq US'],
    ],
    [
      'a wider condition moves whom it adds',
      { rules: [{ if: us, then: { serve: 'on' } }], serve: 'off' },
      {
        rules: [{ if: { ...us, operator: 'in', value: ['US', 'CA'] }, then: { serve: 'on' } }],
        serve: 'off',
      },
      ['off 100 -> on 100: off -> on 100, of country eq CA'],
    ],
    [
      'a narrower condition moves whom it loses',
      { rules: [{ if: us, then: { serve: 'on' } }], serve: 'off' },
      { rules: [{ if: { and: [us, pro] }, then: { serve: 'on' } }], serve: 'off' },
      ['on 100 -> off 100: on -> off 100, of country eq US and not plan eq pro'],
    ],
    [
      'rules of the same effect move nobody',
      { rules: [{ if: us, then: { serve: 'on' } }], serve: 'on' },
      { serve: 'on' },
      [],
    ],
    [
      'a closed window moves nobody',
      percent(10),
      { ...percent(10), rules: [{ until: '2026-01-01T00:00:00Z', then: { serve: 'on' } }] },
      [],
    ],
  ];
  test.each(rows)('%s', (_, before, after, expected) => {
    const attributes = { country: { type: 'string' }, plan: { type: 'string' } } as const;
    expect(cases({ ...inProd(before), attributes }, { ...inProd(after), attributes })).toEqual(expected);
  });

  test('moves and shares come in the order of the variations', () => {
    const shared = (...weights: number[]) => {
      const variations = ['c', 'b', 'a'].map((key, index) => ({ key, weight: weights[index] ?? 0 }));
      return inProd(
        { rollout: { variations } },
        { type: 'string', variations: { a: 'A', b: 'B', c: 'C' }, off: 'a' },
      );
    };
    expect(cases(shared(40, 30, 30), shared(10, 10, 80))).toEqual([
      'a 30, b 30, c 40 -> a 80, b 10, c 10: b -> a 30, c -> a 20, c -> b 10',
    ]);
  });

  test('a value that changes moves everyone who has it, though the name stays', () => {
    const found = planInProd(
      inProd(percent(40), { type: 'string', variations: { on: 'a', off: 'b' }, off: 'off' }),
      inProd(percent(40), { type: 'string', variations: { on: 'c', off: 'b' }, off: 'off' }),
    );
    expect(found.cases.map(inShort)).toEqual(['on 40, off 60 -> on 40, off 60: on -> on 40']);
    expect(found.values).toEqual([{ variation: 'on', before: '"a"', after: '"c"' }]);
  });

  test('a changed salt deals two independent draws: 10% before and 10% after share 1%', () => {
    expect(cases(inProd(percent(10)), { ...inProd(percent(10)), salts: { prod: 'another' } })).toEqual([
      'on 10, off 90 -> on 10, off 90: on -> off 9, off -> on 9',
    ]);
  });

  test('a salt and a name are hashed as one text: what that makes equal is one draw', () => {
    expect(dimension('ab', 'c', 'targetingKey').id).toBe(dimension('a', 'bc', 'targetingKey').id);
    expect(dimension('ab', 'c', 'targetingKey').id).not.toBe(dimension('ab', 'c', 'company.id').id);
  });

  test('shares are exact however many draws they take', () => {
    const half = { serve: 'on', percent: 33.33 };
    const required = Object.fromEntries(
      ['a', 'b', 'c'].map((key) => [key, { environments: { prod: half } }]),
    );
    const requires = Object.keys(required).map((flag) => ({ flag, variation: 'on' }));
    const f = (prod: FlagEnvironment) => ({
      flags: { ...required, f: { requires, environments: { prod } } },
    });
    // 0.3333 to the fourth power.
    expect(cases(f({ serve: 'off' }), f(half))).toEqual([
      'off 100 -> on 1.23407414814321, off 98.76592585185679: off -> on 1.23407414814321',
    ]);
  });

  test('who waits for a requirement moves when that does', () => {
    const world = (prod: FlagEnvironment): Written => ({
      flags: {
        cart: { environments: { prod } },
        f: { requires: [{ flag: 'cart', variation: 'on' }], environments: { prod: { serve: 'on' } } },
      },
    });
    const { flags } = plan(world(percent(10)), world(percent(50)));
    expect(flags.map(({ flag, action }) => `${action} ${flag}`)).toEqual(['updated cart', 'affected f']);
    const [f] = flags[1]?.environments ?? [];
    expect(f?.cases.map(inShort)).toEqual(['on 10, off 90 -> on 50, off 50: off -> on 40']);
    expect(f?.cases[0]?.rules).toEqual({
      before: ['requires cart', 'everyone else'],
      after: ['requires cart', 'everyone else'],
    });
    expect(f?.through).toEqual([{ kind: 'flag', key: 'cart' }]);
  });

  test('slots of one layer are one draw, in flags that require each other too', () => {
    const slot = (from: number, to: number) => ({ layer: 'checkout', slot: { from, to } });
    const world = (to: number): Written => ({
      flags: {
        cart: { environments: { prod: { experiment: 'first' } } },
        f: {
          requires: [{ flag: 'cart', variation: 'on' }],
          environments: { prod: { experiment: 'second' } },
        },
      },
      experiments: {
        first: { flag: 'cart', ...slot(0, 50), arms: [{ variation: 'on', weight: 100 }] },
        second: { ...slot(50, to), arms: [{ variation: 'on', weight: 100 }] },
      },
    });
    // Nobody is in both slots: who meets the requirement is not in the experiment.
    expect(cases(world(60), world(90))).toEqual([]);
  });

  test('what further rules give both times is told as one share', () => {
    const rules = (share: number) =>
      inProd({
        rules: [
          {
            name: 'split',
            then: {
              rollout: {
                variations: [
                  { key: 'on', weight: share },
                  { key: 'off', weight: 100 - share },
                ],
              },
            },
            if: us,
          },
          { if: pro, then: { serve: 'on' } },
        ],
        serve: 'off',
      });
    expect(cases(rules(10), rules(20))).toEqual([
      'on 10, off 90 -> on 20, off 80: off -> on 10, of country eq US',
    ]);
    const value = (on: string) =>
      inProd(
        {
          rules: [
            { if: us, then: percent(10) as { serve: string } },
            { if: pro, then: { serve: 'off' } },
          ],
          serve: 'b',
        },
        { type: 'string', variations: { on, off: 'off', b: 'b' }, off: 'off' },
      );
    expect(cases(value('1'), value('2'))).toEqual([
      'on 10, = 90 -> on 10, = 90: on -> on 10, of country eq US',
    ]);
  });

  test('thirty rules on one attribute are thirty cases, and rules of their own attributes no more', () => {
    const world = (share: (n: number) => number, attribute: (n: number) => string) =>
      inProd({
        rules: Array.from({ length: 30 }, (_, n) => ({
          if: { attribute: attribute(n), operator: 'eq' as const, value: `v${n}` },
          then: { serve: 'on', percent: share(n) },
        })),
        serve: 'off',
      });
    const one = () => 'country';
    expect(
      planInProd(
        world((n) => n, one),
        world((n) => n + 1, one),
      ).cases,
    ).toHaveLength(30);
    const found = planInProd(
      world(
        () => 5,
        (n) => `a${n}`,
      ),
      world(
        () => 6,
        (n) => `a${n}`,
      ),
    );
    expect(found.cases).toHaveLength(30);
    expect(found.limits).toEqual([]);
  });

  test('beyond the limit of cases the plan says so, and which moves there can be', () => {
    const world = (more: number) =>
      inProd({
        rules: Array.from({ length: 16 }, (_, n) => ({
          if: { attribute: `a${n}`, operator: 'eq' as const, value: 'x' },
          then: { serve: n % 2 === 0 ? 'on' : 'off', percent: (n + 1) * 5 + more },
        })),
        serve: 'off',
      });
    const { limits, rules } = planInProd(world(0), world(0.5));
    expect(limits).toEqual([expect.stringMatching(/^There are more cases than can be told apart: \d+ were/)]);
    expect(limits[0]).toContain('no other moves than off -> on, on -> off.');
    expect(rules).toHaveLength(16);
  });

  test('rules that give the same are one case each, however many hold', () => {
    const world = (more: number) =>
      inProd({
        rules: Array.from({ length: 30 }, (_, n) => ({
          if: { attribute: `a${n}`, operator: 'eq' as const, value: 'x' },
          then: { serve: 'on', percent: n + 1 + more },
        })),
        serve: 'off',
      });
    expect(planInProd(world(0), world(0.5)).cases).toHaveLength(30);
  });

  test('attributes that are not declared are taken to hold one value, and the plan says so where it matters', () => {
    const rule = (value: string, serve: string, share: number) => ({
      if: { ...us, value },
      then: { serve, percent: share },
    });
    const world = (share: number, attributes?: Written['attributes']): Written => ({
      ...inProd({ rules: [rule('US', 'on', share), rule('CA', 'off', 50)], serve: 'on' }),
      ...(attributes && { attributes }),
    });
    const told = (attributes?: Written['attributes']) =>
      planInProd(world(10, attributes), world(20, attributes));
    // Only who is in both countries moves.
    expect(told()).toMatchObject({
      cases: [],
      limits: [expect.stringMatching(/^`country` is taken to hold one/)],
    });
    expect(told({ country: { type: 'string' } })).toMatchObject({ cases: [], limits: [] });
    expect(told({ country: { type: 'string', list: true } })).toMatchObject({
      cases: [{ when: ['country eq US and country eq CA'] }],
      limits: [],
    });
  });

  test('who has no unit gets what those without one get', () => {
    const nobody = { attribute: 'company.id', operator: 'exists', value: false } as const;
    const world = (share: number) =>
      inProd(
        { rules: [{ if: nobody, then: { serve: 'on', percent: share } }], serve: 'off' },
        { unit: 'company.id' },
      );
    expect(cases(world(10), world(60))).toEqual([]);
  });
});
