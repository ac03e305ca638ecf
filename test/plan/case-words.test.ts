// The words for whom a case is about.
import { expect, test } from 'vitest';
import type { Condition, FlagEnvironment } from '../../src/model/definitions.gen.ts';
import { inProd, planInProd, type Written } from './support.ts';

const us = { attribute: 'country', operator: 'eq', value: 'US' } as const;

test.each([
  [['a'], 'is the one unit', 'is not the one unit'],
  [['a', 'b', 'c'], 'among the 3 units', 'not among the 3 units'],
])('those in the lists of a segment, %j, and those who are not', (include, among, notAmong) => {
  const world = (share: number, units: string[]): Written => {
    const prod: FlagEnvironment = {
      rules: [
        { if: { segment: 'staff' }, then: { serve: 'on' } },
        { if: us, then: { serve: 'on', percent: share } },
      ],
      serve: 'off',
    };
    return {
      attributes: { country: { type: 'string' } },
      segments: { staff: { include: ['z', ...units] } },
      flags: { f: { environments: { prod } } },
    };
  };
  const { cases } = planInProd(world(10, []), world(30, include));
  const words = cases.flatMap(({ when }) => when).join('\n');
  expect(words).toContain(`targetingKey ${among} new or gone in the lists of segment staff`);
  expect(words).toContain(`targetingKey ${notAmong} new or gone in the lists of segment staff`);
  expect(words).not.toContain('not targetingKey');
});

const pro = { attribute: 'plan', operator: 'eq', value: 'pro' } as const;
const beta = { attribute: 'beta', operator: 'eq', value: true } as const;

test.each<[string, Condition]>([
  ['country eq US and plan eq pro', { and: [us, pro] }],
  ['(country eq US or plan eq pro)', { or: [us, pro] }],
  ['(country eq US or plan eq pro) and beta eq true', { and: [{ or: [us, pro] }, beta] }],
  ['not (country eq US and plan eq pro)', { not: { and: [us, pro] } }],
  ['not country eq US and not plan eq pro', { not: { or: [us, pro] } }],
  ['((country eq US and plan eq pro) or beta eq true)', { or: [{ and: [us, pro] }, beta] }],
  ['not (country eq US and plan eq pro) and not beta eq true', { not: { or: [{ and: [us, pro] }, beta] } }],
])('%s', (words, condition) => {
  const attributes = {
    country: { type: 'string' },
    plan: { type: 'string' },
    beta: { type: 'boolean' },
  } as const;
  const world = (rules: FlagEnvironment['rules'] = []): Written => ({
    ...inProd({ rules, serve: 'off' }),
    attributes,
  });
  const { cases } = planInProd(world(), world([{ if: condition, then: { serve: 'on' } }]));
  expect(cases.map(({ when }) => when)).toEqual([[words]]);
});

test('words that leave out what follows for single values alone say so, where lists may occur', () => {
  const both: Condition = {
    and: [
      { attribute: 'x', operator: 'contains', value: 'a' },
      { attribute: 'x', operator: 'neq', value: 'B' },
    ],
  };
  const added = (attributes: Written['attributes']) => {
    const world = (rules: FlagEnvironment['rules']): Written => ({
      ...inProd({ rules: rules ?? [], serve: 'off' }),
      ...(attributes && { attributes }),
    });
    const { cases, limits } = planInProd(world([]), world([{ if: both, then: { serve: 'on' } }]));
    expect(cases.map(({ when }) => when)).toEqual([['x contains a']]);
    return limits;
  };
  expect(added(undefined)).toEqual([expect.stringMatching(/^`x` is taken to hold one value/)]);
  expect(added({ x: { type: 'string' } })).toEqual([]);
});
