// The words for whom a case is about.
import { expect, test } from 'vitest';
import type { FlagEnvironment } from '../../src/model/definitions.gen.ts';
import { planInProd, type Written } from './support.ts';

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
