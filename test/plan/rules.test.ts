// What a plan says of rules whose time is not now.
import { expect, test } from 'vitest';
import type { Rule } from '../../src/model/definitions.gen.ts';
import { inProd, planInProd } from './support.ts';

const us = { attribute: 'country', operator: 'eq', value: 'US' } as const;
const PAST = { until: '2026-01-01T00:00:00Z' };
const COMING = { from: '2027-01-01T00:00:00Z' };
const NOW = { from: '2026-01-01T00:00:00Z', until: '2027-01-01T00:00:00Z' };

const ALL_PASS = [{ passes: true, percent: '100' }];
const ALL_ON = [{ answer: 'on', percent: '100' }];

test.each([
  ['that is over', NOW, PAST, { before: ALL_ON, after: ALL_PASS, moves: [{ from: 'on', toPasses: true }] }],
  [
    'that is put off',
    {},
    COMING,
    { before: ALL_ON, after: ALL_PASS, moves: [{ from: 'on', toPasses: true }] },
  ],
  ['that begins', PAST, NOW, { before: ALL_PASS, after: ALL_ON, moves: [{ fromPasses: true, to: 'on' }] }],
])('a rule %s passes everyone on, as long as its time is not now', (_, was, is, expected) => {
  const world = (time: Partial<Rule>) =>
    inProd({ rules: [{ name: 'us', if: us, ...time, then: { serve: 'on' } }], serve: 'off' });
  expect(planInProd(world(was), world(is)).rules).toMatchObject([
    { rule: 'us', action: 'updated', ...expected },
  ]);
});

test('a rule that is new and begins later passes everyone on until then', () => {
  const rule = { name: 'us', if: us, ...COMING, then: { serve: 'on' } };
  expect(planInProd(inProd({ serve: 'off' }), inProd({ rules: [rule], serve: 'off' }))).toMatchObject({
    cases: [],
    rules: [{ rule: 'us', action: 'created', after: ALL_PASS, moves: [] }],
    schedule: [{ rule: 'us', does: 'opens' }],
  });
});

test('a rule that is planned and changes is told as it will be', () => {
  const world = (percent: number) =>
    inProd({ rules: [{ name: 'us', if: us, ...COMING, then: { serve: 'on', percent } }], serve: 'off' });
  expect(planInProd(world(10), world(25))).toMatchObject({
    cases: [],
    rules: [{ rule: 'us', moves: [{ fromPasses: true, to: 'on', percent: '15' }] }],
  });
});
