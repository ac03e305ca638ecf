// What cases of tests come to: expectations, clocks and failures, run through the engine.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are placeholders of matrices
import { describe, expect, test } from 'vitest';
import { FLAG, failures, loadBoth, run, TEXTS, testOf } from './support.ts';

describe('expectations', () => {
  const pro = 'context: { targetingKey: u1, plan: pro }';
  test.each([
    ['a value', '{ value: true }', []],
    ['another value', '{ value: false }', ['a: value [false] is true']],
    ['one of two values', '{ value: [false, true] }', []],
    ['a variation', '{ variation: off }', ['a: variation ["off"] is "on"']],
    ['a reason', '{ reason: SPLIT }', ['a: reason ["SPLIT"] is "TARGETING_MATCH"']],
    ['one of two reasons', '{ reason: [SPLIT, TARGETING_MATCH] }', []],
    ['a rule', '{ rule: ramp }', ['a: rule ["ramp"] is "pro"']],
    ['no rule', '{ rule: null }', ['a: rule [null] is "pro"']],
    ['no error', '{ errorCode: null, experiment: null, arm: null, requires: null }', []],
    ['no value', '{ value: null }', ['a: value [null] is true']],
    [
      'everything at once, and every difference told',
      '{ value: false, rule: ramp, reason: TARGETING_MATCH }',
      ['a: value [false] is true', 'a: rule ["ramp"] is "pro"'],
    ],
  ])('%s', (_, expected, told) => {
    expect(failures(`- { name: a, ${pro}, expect: ${expected} }`)).toEqual(told);
  });

  test('a target is decided by no rule', () => {
    const one =
      'context: { targetingKey: alice }, expect: { value: true, rule: null, reason: TARGETING_MATCH }';
    expect(failures(`- { name: a, ${one} }`)).toEqual([]);
  });

  test('a rule without a name is called by its number', () => {
    const one = 'context: { beta: true }, experiments: { layout: on }, expect: { rule: "#3", arm: on }';
    expect(failures(`- { name: a, ${one} }`)).toEqual([]);
  });

  test('a split without a unit is an error that carries the off variation', () => {
    const one =
      'context: { country: US }, expect: { errorCode: TARGETING_KEY_MISSING, reason: ERROR, value: false }';
    expect(failures(`- { name: a, ${one} }`)).toEqual([]);
  });

  test('the app’s own default stands where the decision has no value', () => {
    const flag = `flag: f
description: A test.
owner: tests
permanent: true
type: string
variations: { a: x }
environments: { prod: { enabled: false } }
`;
    const head = 'test: f\nenvironment: prod';
    const cases = '- { name: a, expect: { value: null, variation: null, reason: DISABLED } }';
    expect(failures(cases, { 'f.yaml': flag }, head)).toEqual([]);
  });

  test('a list is the value itself of a json flag, and objects are equal in any order', () => {
    const flag = `flag: f
description: A test.
owner: tests
permanent: true
type: json
variations: { list: [1, 2], object: { a: 1, b: { c: [] } } }
environments: { dev: { serve: list }, prod: { serve: object } }
`;
    const value = (text: string, environment: string) =>
      failures(
        `- { name: a, expect: { value: ${text} } }`,
        { 'f.yaml': flag },
        `test: f\nenvironment: ${environment}`,
      );
    expect(value('[1, 2]', 'dev')).toEqual([]);
    expect(value('[1, 2]', 'prod')).toEqual(['a: value [[1,2]] is {"a":1,"b":{"c":[]}}']);
    expect(value('{ b: { c: [] }, a: 1 }', 'prod')).toEqual([]);
  });

  test('the required flag that is not as required is named', () => {
    const other = `flag: other
description: A test.
owner: tests
permanent: true
type: boolean
requires: [{ flag: checkout, variation: on }]
environments: { prod: { serve: on } }
`;
    const cases = `- { name: met, context: { plan: pro }, expect: { value: true, requires: null } }
- { name: unmet, expect: { value: false, reason: DISABLED, requires: checkout } }`;
    expect(failures(cases, { ...TEXTS, 'other.yaml': other }, 'test: other\nenvironment: prod')).toEqual([]);
  });
});

describe('the clock', () => {
  const ramped = FLAG.replace(
    'then: { serve: on, percent: 10 }',
    'then: { serve: on, ramp: [{ at: 2026-12-01T09:00:00Z, percent: 5 }, { at: 2026-12-08T09:00:00Z, percent: 50 }] }',
  );
  const texts = { ...TEXTS, 'checkout.yaml': ramped };
  const at = (instant: string, buckets: string) =>
    `- { name: "${instant}", at: ${instant}, context: { country: US }, buckets: ${buckets} }`;

  test('a ramp is where it is at the time of the case', () => {
    const cases = [
      at('2026-12-01T08:59:59.999Z', '{ 0-9999: off }'),
      at('2026-12-01T09:00:00Z', '{ 0-499: on, 500-9999: off }'),
      at('2026-12-08T10:00:00+01:00', '{ 0-4999: on, 5000-9999: off }'),
    ];
    expect(failures(cases.join('\n'), texts)).toEqual([]);
  });

  test('the test has a time for the cases that say none', () => {
    const cases = `- { name: later, at: 2026-12-08T09:00:00Z, context: { country: US }, buckets: { 0-4999: on } }
- { name: then, context: { country: US }, buckets: { 0-499: on, 500-9999: off } }`;
    const head = 'test: checkout\nenvironment: prod\nat: 2026-12-02T00:00:00Z';
    expect(failures(cases, texts, head)).toEqual([]);
  });

  test('without any it is the year 2000, whenever the test runs', () => {
    const { cases } = loadBoth({
      ...TEXTS,
      'c.test.yaml': testOf('- { name: a, expect: { value: false } }'),
    });
    expect(new Date(cases[0]?.nowMs ?? 0).toISOString()).toBe('2000-01-01T00:00:00.000Z');
  });
});

describe('a failing case', () => {
  test('is explained as it was decided, and where', () => {
    const [result] = run({
      ...TEXTS,
      'c.test.yaml': testOf('- { name: a, context: { country: US }, buckets: { 0-1999: on } }'),
    });
    expect(result).toMatchObject({
      case: { file: 'c.test.yaml', line: 4, column: 5 },
      explanation: {
        decision: { variation: 'off' },
        steps: [
          { step: 'enabled' },
          { step: 'targets' },
          { step: 'rule', rule: 'pro', holds: false },
          { step: 'rule', rule: 'ramp', outcome: { bucket: 1000, fixed: true } },
          { step: 'rule', rule: '#3' },
          { step: 'fallthrough' },
        ],
      },
    });
  });

  test('I12: shows nothing of a personal attribute', () => {
    const flag = FLAG.replace(
      'attribute: plan, operator: eq, value: pro',
      'attribute: email, operator: eq, value: eve@x.example',
    );
    const [result] = run({
      ...TEXTS,
      'checkout.yaml': flag,
      'c.test.yaml': testOf('- { name: a, context: { email: mallory@x.example }, expect: { value: true } }'),
    });
    const { explanation, failures } = result ?? {};
    const shown = JSON.stringify({ explanation, failures });
    expect(shown).toContain('"found":"<personal>"');
    expect(shown).not.toMatch(/eve@|mallory/);
  });

  test('a hundred of them are explained, and the rest told without: all explanations would not fit into memory', () => {
    const values = Array.from({ length: 101 }, (_, i) => i).join(', ');
    const results = run({
      ...TEXTS,
      'c.test.yaml': testOf(
        `- { name: passes, expect: { value: false } }
- { name: a, matrix: { n: [${values}] }, context: { targetingKey: "u\${n}" }, expect: { value: true } }
- { name: buckets, context: { country: US }, buckets: { 0-9999: off } }`,
      ),
    });
    expect(results.filter(({ failures }) => failures.length > 0)).toHaveLength(102);
    expect(results.map(({ explanation }) => explanation !== undefined)).toEqual([
      false,
      ...Array.from({ length: 100 }, () => true),
      false,
      false,
    ]);
  });

  test('one that passes is not explained', () => {
    const [result] = run({ ...TEXTS, 'c.test.yaml': testOf('- { name: a, expect: { value: false } }') });
    expect(result).not.toHaveProperty('explanation');
  });
});
