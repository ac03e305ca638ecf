// Schedules as authors write them: what a hint says about an instant that is none, and what is no problem.
import { expect, test } from 'vitest';
import { flag, load } from './support/project.ts';

const rampAt = (at: string) => load({ 'f.yaml': flag('f', `serve: on\nramp: [{ at: ${at}, percent: 5 }]`) });

test.each([
  ['2026-12-01', 'Write `2026-12-01T00:00:00Z`, if the beginning of that day is meant, in UTC.'],
  ['2026-12-01T09:00:00', 'Write `2026-12-01T09:00:00Z`, if it is meant in UTC.'],
  ['2026-12-01 09:00', 'Write `2026-12-01T09:00:00Z`, if it is meant in UTC.'],
  ['2026-12-01 09:00:00.5 +01', 'Write `2026-12-01T09:00:00.5+01:00`.'],
  ['2026-12-01T09:00+0100', 'Write `2026-12-01T09:00:00+01:00`.'],
  ['2026-12-01+01:00', 'Write `2026-12-01T00:00:00+01:00`, if the beginning of that day is meant.'],
  ['2026-02-30', 'Write it like `2026-12-01T09:00:00Z` or `2026-12-01T10:00:00+01:00`.'],
  ['tomorrow', 'Write it like `2026-12-01T09:00:00Z` or `2026-12-01T10:00:00+01:00`.'],
])('%s is not taken for an instant, and the hint says what to write', (at, hint) => {
  const [problem, ...more] = rampAt(at).problems;
  expect([problem?.code, problem?.hint, more]).toEqual(['invalid-instant', hint, []]);
});

test('a number is not taken for an instant, and the hint does not say to quote it', () => {
  const [problem] = rampAt('20261201').problems;
  expect(problem).toMatchObject({
    code: 'wrong-type',
    hint: 'Write a day, a time and a zone, such as 2026-12-01T09:00:00Z.',
  });
});

test.each([
  ['unquoted', '2026-12-01T09:00:00Z'],
  ['quoted', '"2026-12-01T09:00:00Z"'],
  ['with an offset, in lower case, finer than milliseconds', '2026-12-01t10:00:00.000000001+01:00'],
])('an instant may be %s', (_, at) => {
  expect(rampAt(at).problems).toEqual([]);
});

const on = 'then: { serve: on }';
test.each([
  [
    'a rule after one that holds for a time',
    `{ name: a, from: 2099-01-01T00:00:00Z, ${on} }`,
    `{ name: b, ${on} }`,
  ],
  [
    'a rule that ends later than the one before',
    `{ name: a, until: 2099-01-01T00:00:00Z, ${on} }`,
    `{ name: b, until: 2099-01-01T00:00:00.5Z, ${on} }`,
  ],
  [
    'a rule after a ramp to 100 percent',
    '{ name: a, then: { serve: on, ramp: [{ at: 2099-01-01T00:00:00Z, percent: 100 }] } }',
    `{ name: b, ${on} }`,
  ],
  [
    'a rule after a ramp that falls again',
    '{ name: a, then: { serve: on, ramp: [{ at: 2099-01-01T00:00:00Z, percent: 100 }, { at: 2099-02-01T00:00:00Z, percent: 0 }] } }',
    `{ name: b, from: 2099-01-01T00:00:00Z, ${on} }`,
  ],
])('%s can be reached', (_, first, second) => {
  expect(load({ 'f.yaml': flag('f', `rules:\n  - ${first}\n  - ${second}`) }).problems).toEqual([]);
});
