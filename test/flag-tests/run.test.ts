// What cases of tests come to: expectations, matrices, buckets, arms and clocks, run through the engine.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are placeholders of matrices
import { describe, expect, test } from 'vitest';
import { EXPERIMENT, FLAG, failuresOf, loadBoth, run, TEXTS, testOf } from './support.ts';

function failures(cases: string, texts: { [path: string]: string } = TEXTS, head?: string): string[] {
  return failuresOf(run({ ...texts, 'c.test.yaml': testOf(cases, head) }));
}

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

describe('a matrix', () => {
  test('runs every combination, the last name fastest, in each environment', () => {
    const { cases } = loadBoth({
      ...TEXTS,
      'c.test.yaml': testOf(
        '- { name: a, matrix: { plan: [free, pro], beta: [true, null] }, context: { plan: "${plan}", beta: "${beta}" }, expect: { value: [true, false] } }',
        'test: checkout\nenvironments: [dev, prod]',
      ),
    });
    expect(cases.map(({ name, environment, context }) => [name, environment, context])).toEqual(
      ['free', 'pro'].flatMap((plan) =>
        [true, null].flatMap((beta) =>
          ['dev', 'prod'].map((environment) => [
            `a (plan: ${plan}, beta: ${beta})`,
            environment,
            { plan, beta },
          ]),
        ),
      ),
    );
  });

  test('gives whole texts its values of any type, and parts of texts their text', () => {
    const { cases } = loadBoth({
      ...TEXTS,
      'c.test.yaml': testOf(
        '- { name: a, matrix: { x: [7] }, context: { age: "${x}", country: "u-${x}-$${x}", roles: ["${x}"] }, expect: { value: false } }',
      ),
    });
    expect(cases[0]?.context).toEqual({ age: 7, country: 'u-7-${x}', roles: [7] });
  });

  test('`$${` is a plain `${` in a case without a matrix too', () => {
    const { cases } = loadBoth({
      ...TEXTS,
      'c.test.yaml': testOf('- { name: a, context: { country: "$${x}" }, expect: { value: false } }'),
    });
    expect(cases[0]?.context).toEqual({ country: '${x}' });
  });

  test('its values tell the cases apart: a text that looks like another value is quoted', () => {
    const { cases } = loadBoth({
      ...TEXTS,
      'c.test.yaml': testOf(
        '- { name: a, matrix: { x: [1, "1", true, "true", "", null, pro, 4.2.0, { a: 1 }] }, context: { plan: "${x}" }, expect: { value: [true, false] } }',
      ),
    });
    const values = ['1', '"1"', 'true', '"true"', '""', 'null', 'pro', '4.2.0', '{"a":1}'];
    expect(cases.map(({ name }) => name)).toEqual(values.map((value) => `a (x: ${value})`));
  });

  test('reaches reasons and error codes', () => {
    const cases = `- name: a
  matrix: { reason: [DEFAULT, SPLIT], error: [null] }
  context: { targetingKey: u1 }
  expect: { reason: "\${reason}", errorCode: "\${error}" }`;
    expect(failures(cases)).toEqual(['a (reason: SPLIT, error: null): reason ["SPLIT"] is "DEFAULT"']);
  });

  test('reaches arms, clocks and expectations', () => {
    const cases = `- name: a
  matrix: { arm: [on, off], at: [2026-12-24T00:00:00Z, 2027-12-24T00:00:00Z] }
  at: "\${at}"
  context: { beta: true }
  experiments: { layout: "\${arm}" }
  expect: { variation: "\${arm}", arm: "\${arm}" }`;
    expect(failures(cases)).toEqual([]);
  });
});

describe('buckets', () => {
  const us = 'context: { country: US }';
  test('every bucket is tried, without a unit', () => {
    expect(failures(`- { name: a, ${us}, buckets: { 0-999: on, 1000-9999: off } }`)).toEqual([]);
  });

  test('the buckets that differ are told exactly', () => {
    expect(failures(`- { name: a, ${us}, buckets: { 0-1999: on, 2000-9999: off } }`)).toEqual([
      'a: variation ["on"] is "off" for 1000-1999',
    ]);
    expect(failures(`- { name: a, ${us}, buckets: { 500-1500: off } }`)).toEqual([
      'a: variation ["off"] is "on" for 500-999',
    ]);
  });

  test('buckets that differ otherwise are told apart, each expectation by itself', () => {
    const rollout = FLAG.replace(
      'then: { serve: on, percent: 10 }',
      'then: { rollout: { variations: [{ key: blue, weight: 20 }, { key: off, weight: 30 }, { key: blue, weight: 20 }, { key: on, weight: 30 }] } }',
    )
      .replace('type: boolean', 'type: string\nvariations: { on: "1", off: "0", blue: "2" }')
      .replace('targets: { on: [alice] }', 'targets: {}');
    const texts = { ...TEXTS, 'checkout.yaml': rollout };
    expect(
      failures(
        `- { name: a, ${us}, buckets: { 0-9999: off }, expect: { arm: on, experiment: layout } }`,
        texts,
      ),
    ).toEqual([
      'a: variation ["off"] is "blue" for 0-1999',
      'a: experiment ["layout"] is null for 0-9999',
      'a: arm ["on"] is null for 0-9999',
      'a: variation ["off"] is "blue" for 5000-6999',
      'a: variation ["off"] is "on" for 7000-9999',
    ]);
  });

  test('a single bucket is a number', () => {
    expect(failures(`- { name: a, ${us}, buckets: { 999: on, 1000: off, 1001: on } }`)).toEqual([
      'a: variation ["on"] is "off" for 1001-1001',
    ]);
  });

  test('what else is expected holds for each of them', () => {
    expect(
      failures(`- { name: a, ${us}, buckets: { 998-1001: [on, off] }, expect: { rule: ramp } }`),
    ).toEqual(['a: rule ["ramp"] is null for 1000-1001']);
  });

  test('what is not covered is not looked at', () => {
    expect(failures(`- { name: a, ${us}, buckets: { 0: on, 9999: off } }`)).toEqual([]);
  });

  test('the parts of a rollout lie end to end', () => {
    const rollout = FLAG.replace(
      'then: { serve: on, percent: 10 }',
      'then: { rollout: { variations: [{ key: off, weight: 33.33 }, { key: on, weight: 66.67 }] } }',
    );
    const texts = { ...TEXTS, 'checkout.yaml': rollout };
    expect(failures(`- { name: a, ${us}, buckets: { 0-3332: off, 3333-9999: on } }`, texts)).toEqual([]);
  });

  test('other flags, experiments and cases keep their own buckets', () => {
    const cases = `- { name: a, context: { country: US }, buckets: { 5: on } }
- { name: without, context: { country: US }, expect: { errorCode: TARGETING_KEY_MISSING } }`;
    expect(failures(cases)).toEqual([]);
  });
});

describe('experiments', () => {
  const beta = 'context: { beta: true }';
  test.each([
    ['an arm', '{ layout: on }', '{ value: true, experiment: layout, arm: on, reason: SPLIT }'],
    ['the other arm', '{ layout: off }', '{ value: false, experiment: layout, arm: off }'],
    ['no part in it', '{ layout: none }', '{ value: false, experiment: null, reason: DEFAULT }'],
  ])('%s, without a unit', (_, fixed, expected) => {
    expect(failures(`- { name: a, ${beta}, experiments: ${fixed}, expect: ${expected} }`)).toEqual([]);
  });

  test('a unit in the traffic is kept out, and one outside of it is let in', () => {
    const units = Array.from({ length: 20 }, (_, i) => `u${i}`).join(', ');
    const cases = ['on', 'none'].map(
      (arm) => `- name: ${arm}
  matrix: { u: [${units}] }
  context: { targetingKey: "\${u}", beta: true }
  experiments: { layout: ${arm} }
  expect: { experiment: ${arm === 'on' ? 'layout' : 'null'} }`,
    );
    expect(failures(cases.join('\n'))).toEqual([]);
  });

  describe('of one layer', () => {
    const layered = (key: string, from: number) =>
      EXPERIMENT.replace('experiment: layout', `experiment: ${key}`).replace(
        'traffic: 50',
        `layer: l\nslot: { from: ${from}, to: ${from + 50} }`,
      );
    const flag = FLAG.replace(
      '        then: { experiment: layout }',
      '        then: { experiment: first }\n      - if: { attribute: beta, operator: eq, value: true }\n        then: { experiment: second }',
    );
    const texts = {
      'checkout.yaml': flag,
      'first.yaml': layered('first', 0),
      'second.yaml': layered('second', 50),
    };

    test.each([
      ['an arm of one is none of the others', '{ second: on }', '{ experiment: second, arm: on }'],
      [
        'one can be in, and the other out',
        '{ first: none, second: off }',
        '{ experiment: second, arm: off }',
      ],
      [
        'all can be out, though their slots fill the layer',
        '{ first: none, second: none }',
        '{ experiment: null }',
      ],
    ])('%s', (_, fixed, expected) => {
      expect(failures(`- { name: a, ${beta}, experiments: ${fixed}, expect: ${expected} }`, texts)).toEqual(
        [],
      );
    });
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
