// Everything that can be wrong with a test of a flag, and the place that each problem points at.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are placeholders of matrices
import { describe, expect, test } from 'vitest';
import { problemCodes } from '../../src/model/problem.ts';
import { PROJECT, places } from '../definitions/support/project.ts';
import { tables } from './problem-cases.ts';
import { FLAG, loadBoth, TEXTS, testOf } from './support.ts';

for (const [name, rows] of tables) {
  describe(name, () => {
    test.each(rows)('%s', (_, text, ...problems) => {
      const texts = { ...TEXTS, 'a/checkout.test.yaml': text };
      const loaded = loadBoth(texts);
      expect(places(texts, loaded)).toEqual(
        problems.map((one) => one.replace(' ', ' a/checkout.test.yaml:')),
      );
      const hasErrors = loaded.problems.some(({ severity }) => severity === 'error');
      expect(loaded.cases.length === 0).toBe(hasErrors);
    });
  });
}

test('every problem of a test is provoked, with a message and a hint of whole sentences', () => {
  const found = tables.flatMap(([, rows]) =>
    rows.flatMap(([, text]) => loadBoth({ ...TEXTS, 'checkout.test.yaml': text }).problems),
  );
  for (const { message, hint } of found) {
    expect(message).toMatch(/^([A-Z`"0-9(]|project.yaml).*[.)]$/su);
    expect(hint, message).toMatch(/^[A-Z].*[.?]$/su);
  }
  const elsewhere = ['too-many-cases', 'arm-not-fixable', 'test-without-time'];
  const codes = new Set([...elsewhere, ...found.map(({ code }) => code)]);
  const own = Object.entries(problemCodes).filter(([, { group }]) => group === 'test');
  expect(own.map(([code]) => code).filter((code) => !codes.has(code))).toEqual([]);
});

describe('hints name what is near', () => {
  test.each([
    ['{ variation: onn }', 'Did you mean `on`?'],
    ['{ value: on }', 'Did you mean `variation: on`?'],
    ['{ rule: rmap }', 'Did you mean `ramp`?'],
    ['{ reason: SPLITT }', 'Did you mean `SPLIT`?'],
    ['{ arm: of }', 'Did you mean `off`?'],
    ['{ value: false }, buckets: { 0-99: on, 7: on }', 'Begin at 100 or later.'],
    ['{ value: false }, buckets: { 0-9999: on, 7: on }', 'Keep one of the two.'],
    [
      '{ value: false }, context: { appVersion: 4.10 }',
      'Quote it: without quotes YAML reads a number (and 4.10 as 4.1).',
    ],
    [
      '{ value: false }, context: { appVersion: latest }',
      'Write what apps send. Conditions on it do not hold for anything else.',
    ],
    [
      '{ value: false }, at: 2026-12-24',
      'Write `2026-12-24T00:00:00Z`, if the beginning of that day is meant, in UTC.',
    ],
  ])('%s', (expected, hint) => {
    const { problems } = loadBoth({ ...TEXTS, 'c.test.yaml': testOf(`- { name: a, expect: ${expected} }`) });
    expect(problems.map((problem) => problem.hint)).toEqual([hint]);
  });
});

test.each([
  [1, 'the 1st'],
  [2, 'the 2nd'],
  [3, 'the 3rd'],
  [4, 'the 4th'],
  [11, 'the 11th'],
  [12, 'the 12th'],
  [13, 'the 13th'],
  [21, 'the 21st'],
])('a name that case %i has too is told as that of %s, however often it comes again', (number, told) => {
  const names = [...Array.from({ length: number }, (_, i) => `n${i + 1}`), `n${number}`, `n${number}`];
  const text = testOf(names.map((name) => `- { name: ${name}, expect: { value: false } }`).join('\n'));
  const { problems } = loadBoth({ ...TEXTS, 'c.test.yaml': text });
  expect(problems.map(({ message }) => /the \d+\w\w/.exec(message)?.[0])).toEqual([told, told]);
});

test('a flag with a schedule wants a time', () => {
  const ramp = `flag: checkout
description: A test.
owner: tests
permanent: true
type: boolean
environments:
  prod: { serve: on, ramp: [{ at: 2026-12-01T09:00:00Z, percent: 5 }] }
`;
  const needs = (text: string) => loadBoth({ 'checkout.yaml': ramp, 'c.test.yaml': text }).problems;
  const timeless = testOf('- { name: a, buckets: { 0-9999: [on, off] } }');
  expect(needs(timeless)).toMatchObject([{ code: 'test-without-time', line: 1, column: 7 }]);
  expect(needs(timeless.replace('cases:', 'at: 2026-12-01T09:00:00Z\ncases:'))).toEqual([]);
  expect(needs(timeless.replace('name: a,', 'name: a, at: 2026-12-01T09:00:00Z,'))).toEqual([]);
});

test('a flag that is disabled needs none, whatever its schedule', () => {
  const ramp = TEXTS['checkout.yaml']
    .replace('percent: 10', 'ramp: [{ at: 2026-12-01T09:00:00Z, percent: 5 }]')
    .replace('prod:', 'prod:\n    enabled: false');
  const text = testOf('- { name: a, expect: { value: false } }');
  expect(loadBoth({ ...TEXTS, 'checkout.yaml': ramp, 'c.test.yaml': text }).problems).toEqual([]);
});

test.each([
  ['begins', 'from'],
  ['ends', 'until'],
])('a rule that %s wants one too', (_, key) => {
  const windowed = TEXTS['checkout.yaml'].replace(
    '- name: pro',
    `- name: pro\n        ${key}: 2026-12-01T09:00:00Z`,
  );
  const text = testOf('- { name: a, expect: { value: false } }');
  const { problems } = loadBoth({ ...TEXTS, 'checkout.yaml': windowed, 'c.test.yaml': text });
  expect(problems).toMatchObject([{ code: 'test-without-time' }]);
});

test('so does one that requires such a flag', () => {
  const ramp = TEXTS['checkout.yaml'].replace(
    'percent: 10',
    'ramp: [{ at: 2026-12-01T09:00:00Z, percent: 5 }]',
  );
  const other = `flag: other
description: A test.
owner: tests
permanent: true
type: boolean
requires: [{ flag: checkout, variation: on }]
environments: { prod: { serve: on } }
`;
  const text = testOf('- { name: a, expect: { value: false } }', 'test: other\nenvironment: prod');
  const texts = { ...TEXTS, 'checkout.yaml': ramp, 'other.yaml': other, 'c.test.yaml': text };
  expect(loadBoth(texts).problems).toMatchObject([{ code: 'test-without-time' }]);
});

describe('arms that nobody can have', () => {
  const arms = (key: string, lines: string, weights = [50, 50]) => `experiment: ${key}
flag: checkout
status: draft
environments: [prod]
${lines}
arms: [{ variation: off, weight: ${weights[0]} }, { variation: on, weight: ${weights[1]} }]
`;
  test.each([
    [
      'that is out, where an arm has this name too',
      {
        'checkout.yaml': FLAG.replace(
          'type: boolean',
          'type: boolean\nvariations: { on: true, off: false, none: false }',
        ),
        'a.yaml': arms('a', 'traffic: 50').replace('{ variation: off', '{ variation: none'),
      },
      '{ a: none }',
    ],
    ['of weight 0', { 'a.yaml': arms('a', 'traffic: 50', [100, 0]) }, '{ a: on }'],
    ['of an experiment without traffic', { 'a.yaml': arms('a', 'traffic: 0') }, '{ a: on }'],
    [
      'of two experiments that share a layer',
      {
        'a.yaml': arms('a', 'layer: l\nslot: { from: 0, to: 50 }'),
        'b.yaml': arms('b', 'layer: l\nslot: { from: 50, to: 100 }'),
      },
      '{ a: on, b: on }',
    ],
  ])('%s', (_, files, fixed) => {
    const text = testOf(`- { name: a, experiments: ${fixed}, expect: { value: false } }`);
    expect(loadBoth({ ...TEXTS, ...files, 'c.test.yaml': text }).problems).toMatchObject([
      { code: 'arm-not-fixable', line: 4 },
    ]);
  });
});

test('values of personal attributes are in no message, and in no name of a combination', () => {
  const text = testOf(`- name: a
  matrix: { email: [mallory@acme.example, [mallory@acme.example]] }
  context: { email: "\${email}" }
  expect: { value: false }`);
  const { problems, cases } = loadBoth({ ...TEXTS, 'c.test.yaml': text });
  expect(problems).toMatchObject([{ code: 'attribute-not-of-type' }]);
  expect(JSON.stringify(problems)).not.toContain('mallory');
  expect(cases.map(({ name }) => name)).toEqual(['a (email: #1)', 'a (email: #2)']);
});

test('an expectation that a personal value has become is not quoted, and the context is spoken of as ever', () => {
  const text = testOf(`- name: a
  matrix: { email: [mallory@acme.example, eve@acme.example] }
  context: { email: "\${email}", plan: 7 }
  expect: { variation: ["\${email}", onn], rule: "\${email}" }`);
  const { problems } = loadBoth({ ...TEXTS, 'c.test.yaml': text });
  expect(problems.map(({ code, message }) => `${code}: ${message}`)).toEqual([
    'attribute-not-of-type: `plan` is not a text here, as project.yaml declares it.',
    'unknown-variation: A value of `email` does not fit here. It is not shown, since it is that of a personal attribute too.',
    'unknown-variation: The flag has no variation `onn`.',
    'unknown-rule: A value of `email` does not fit here. It is not shown, since it is that of a personal attribute too.',
  ]);
  expect(JSON.stringify(problems)).not.toMatch(/acme.example/);
});

test('a matrix that gives an object personal members is not named either', () => {
  const project = `${PROJECT}  company.email: { type: string, personal: true }\n`;
  const text = testOf(`- name: a
  matrix: { company: [{ email: mallory@acme.example }] }
  context: { company: "\${company}" }
  expect: { value: false }`);
  const { cases } = loadBoth({ ...TEXTS, 'project.yaml': project, 'c.test.yaml': text });
  expect(cases.map(({ name }) => name)).toEqual(['a (company: #1)']);
});
