// Definitions from GrowthBook, judged by its own SDK. The fixture is written after the reference of GrowthBook's SDK payload.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { importGrowthBook } from '../../src/import/growthbook/growthbook.ts';
import type { JsonValue } from '../../src/lib/json.ts';
import { aroundNumbers, aroundTexts, contextsFrom, pick, seeded } from './support/contexts.ts';
import { flagIn, reported, served } from './support/imported.ts';
import { DEFAULT, expectSame, growthbookWith } from './support/judges.ts';

const text = await readFile(join(import.meta.dirname, 'fixtures/growthbook.json'), 'utf8');
const file = JSON.parse(text);
const prod = { environments: ['prod'] };
const imported = importGrowthBook(text, prod);
const domain = {
  targetingKey: ['alice', 'bob', 'mallory', 'dave', ''],
  deviceId: ['d1', ''],
  country: [...aroundTexts('DE', 'FR', 'BE', 'ES', 'MX'), '42', 42, true, 'null'],
  language: aroundTexts('fr'),
  premium: [true, false],
  age: aroundNumbers(0, 10, 18, 20, 65),
  version: [
    '2.3.1',
    '2.3.0',
    '2.3.2',
    '2.3.1-beta.1',
    '2.3.1+build',
    '3.0.0',
    '3.0.0-rc.1',
    '1.0.0',
    '0.9.12',
    '12.0.1',
  ],
  roles: [[], ['admin'], ['dev'], ['admin', 'dev'], ['qa', 'x'], ['x']],
  'company.plan': aroundTexts('team', 'pro'),
  email: aroundTexts('jo@acme.example', 'ann@acme.test'),
};
const HASHED = ['Rollout', 'button', 'in-namespace'];
const LEFT_OUT = ['depends-on-rule', 'sized', 'texts-in-order'];
const names = Object.keys(file.features).filter((name) => ![...HASHED, ...LEFT_OUT].includes(name));

test('every feature but those that no definition can say is carried over', () => {
  expect(reported(imported, 'left-out')).toEqual({
    'features.depends-on-rule': 'A rule depends on another feature, and only a whole flag can require one.',
    'features.sized': '`$size` has no counterpart in conditions.',
    'features.texts-in-order': 'It orders `signedUp` by "2026-01-01", which is not a number.',
  });
});

test.each(names)('%s gives what GrowthBook’s SDK gives, in 600 contexts', (name) => {
  const [ask, decide] = [growthbookWith(file), served(imported)];
  const answers = new Set();
  for (const context of contextsFrom(domain, 600)) {
    const { value = DEFAULT } = decide(name, context);
    answers.add(JSON.stringify(value));
    expectSame(value, ask(name, context), context);
  }
  expect(answers.size > 1).toBe(name !== 'simple');
});

test('random conditions give what GrowthBook’s SDK gives', () => {
  const random = seeded(11);
  const value = (): JsonValue => pick(random, ['DE', 'FR', '42', 'true', null]);
  const leaf = (): { [key: string]: JsonValue } =>
    pick<() => { [key: string]: JsonValue }>(random, [
      () => ({ country: value() }),
      () => ({ country: { [pick(random, ['$eq', '$ne'])]: value() } }),
      () => ({ country: { [pick(random, ['$in', '$nin', '$ini', '$nini'])]: [value(), value(), 'es'] } }),
      () => ({ age: { [pick(random, ['$lt', '$lte', '$gt', '$gte'])]: pick(random, [-5, 0, 18]) } }),
      () => ({ age: { $not: { $gt: pick(random, [-5, 0, 18]) } } }),
      () => ({ premium: pick(random, [true, false]) }),
      () => ({ age: pick(random, [0, 18]) }),
      () => ({
        version: {
          [pick(random, ['$veq', '$vne', '$vgt', '$vgte', '$vlt', '$vlte'])]: pick(random, [
            '2.3.1',
            '0.9.12',
            '2.3.1-beta.1',
          ]),
        },
      }),
      () => ({
        email: { [pick(random, ['$regex', '$regexi'])]: pick(random, ['^jo', 'acme', 'nul+', '@ACME/?']) },
      }),
      () => ({ roles: { $all: ['dev'] } }),
      () => ({ roles: { $in: ['dev', 'qa'] } }),
      () => ({ id: { [pick(random, ['$inGroup', '$notInGroup'])]: pick(random, ['staff', 'unknown']) } }),
      () => ({ language: { $exists: pick(random, [true, false]) } }),
    ])();
  const condition = (depth: number): { [key: string]: JsonValue } => {
    if (depth === 0 || random() < 0.3) return leaf();
    const operator = pick(random, ['$and', '$or', '$nor', '$not']);
    if (operator === '$not') return { $not: condition(depth - 1), ...leaf() };
    return { [operator]: [condition(depth - 1), condition(depth - 1)] };
  };
  const features: { [name: string]: JsonValue } = {};
  for (let index = 0; index < 60; index++) {
    const rules = ['a', 'b', null].map((force) => ({ condition: condition(3), force }));
    features[`random-${index}`] = { defaultValue: 'c', rules };
  }
  const payload = { features, savedGroups: file.savedGroups };
  const result = importGrowthBook(JSON.stringify(payload), prod);
  expect(reported(result, 'left-out')).toEqual({});
  const [ask, decide] = [growthbookWith(payload), served(result)];
  const answers = new Set();
  for (const context of contextsFrom(domain, 100, 5)) {
    for (const name of Object.keys(features)) {
      const { value: answer = DEFAULT } = decide(name, context);
      answers.add(answer);
      expectSame(answer, ask(name, context), [features[name], context]);
    }
  }
  expect(answers.size).toBe(4);
});

test('an experiment is a definition of its own, with its weights, its coverage and its namespace as a slot', () => {
  const experiments = imported.definitions
    .filter(({ kind }) => kind === 'experiment')
    .map(({ value }) => value);
  expect(experiments).toEqual([
    {
      experiment: 'button-colour',
      description: 'Colour of the button',
      flag: 'button',
      status: 'running',
      environments: ['prod'],
      traffic: 80,
      arms: [
        { variation: 'blue', weight: 50 },
        { variation: 'red', weight: 30 },
        { variation: 'green', weight: 20 },
      ],
    },
    {
      experiment: 'checkout-test',
      flag: 'in-namespace',
      status: 'running',
      environments: ['prod'],
      unit: 'deviceId',
      layer: 'checkout',
      slot: { from: 0, to: 40 },
      arms: [
        { variation: 'control', weight: 50 },
        { variation: 'new', weight: 50 },
      ],
    },
  ]);
  expect(flagIn(imported, 'button').environments?.prod?.rules).toMatchObject([
    { then: { experiment: 'button-colour' } },
  ]);
  expect(flagIn(imported, 'rollout').environments?.prod?.rules).toMatchObject([
    { then: { serve: 'on', percent: 25 } },
  ]);
});

test('over 2,000 units the shares are those of GrowthBook, and whoever has no unit is in neither', () => {
  const [ask, decide] = [growthbookWith(file), served(imported)];
  const share = (value: JsonValue, answer: (context: { [attribute: string]: JsonValue }) => unknown) => {
    const units = Array.from({ length: 2_000 }, (_, index) => ({
      targetingKey: `u${index}`,
      deviceId: `d${index}`,
      premium: true,
      country: 'DE',
    }));
    return units.filter((context) => answer(context) === value).length / units.length;
  };
  for (const [name, key, values] of [
    ['Rollout', 'rollout', [true]],
    ['button', 'button', ['blue', 'red', 'green']],
    ['in-namespace', 'in-namespace', ['new']],
  ] as const) {
    for (const value of values)
      expect(share(value, (context) => decide(key, context).value)).toBeCloseTo(
        share(value, (context) => ask(name, context)),
        1,
      );
    expect(decide(key, { premium: true, country: 'DE' }).value).toEqual(
      ask(name, { premium: true, country: 'DE' }),
    );
  }
});

test.each([
  [{ $regex: '.' }, [['a'], [''], ['b', 'a']]],
  [{ $lt: 5 }, [[1, 7], [7]]],
  [{ $gt: -1 }, [[-1, 0], [-2]]],
  [{ $in: ['a', null] }, [['a'], ['b', 'a'], ['b']]],
  [{ $ini: ['A'] }, [['a'], ['b']]],
  [{ $vlt: '2.0.0' }, [['1.0.0'], ['2.0.0', '1.0.0'], ['2.0.0']]],
])('an element must be there to match %j, whatever a missing attribute counts as', (operand, lists) => {
  const rules = [{ condition: { tags: { $elemMatch: operand } }, force: 2 }];
  const payload = { features: { f: { defaultValue: 1, rules } } };
  const result = importGrowthBook(JSON.stringify(payload), prod);
  const [ask, decide] = [growthbookWith(payload), served(result)];
  const contexts: { [attribute: string]: JsonValue }[] = [
    {},
    { tags: [] },
    ...lists.map((tags) => ({ tags })),
  ];
  for (const context of contexts) expectSame(decide('f', context).value, ask('f', context), context);
});

test('an experiment after a rule that takes everyone is left away, and the feature stays', () => {
  const features = { f: { defaultValue: 1, rules: [{ force: 2 }, { variations: [1, 2] }] } };
  const result = importGrowthBook(JSON.stringify({ features }), prod);
  expect(result.definitions.map(({ kind, key }) => [kind, key])).toEqual([['flag', 'f']]);
  expect(reported(result, 'left-out')).toEqual({});
  expect(reported(result, 'ignored')).toEqual({
    'features.f': 'An experiment comes after a rule that takes everyone, so that nobody is in it.',
  });
});

test('attributes that hold lists are declared as lists, so that nothing is called impossible', () => {
  const rules = [{ condition: { roles: { $all: ['admin', 'dev'] }, plan: 'pro' }, force: 2 }];
  const { attributes } = importGrowthBook(
    JSON.stringify({ features: { f: { defaultValue: 1, rules } } }),
    prod,
  );
  expect(attributes).toEqual({ plan: { type: 'string' }, roles: { type: 'string', list: true } });
});

test('what holds without an attribute is no alternative beside what asks for it', () => {
  const rules = [{ condition: { age: { $gte: 18, $lt: 65 } }, force: 2 }];
  const result = importGrowthBook(JSON.stringify({ features: { f: { defaultValue: 1, rules } } }), prod);
  expect(flagIn(result, 'f').environments?.prod?.rules?.[0]?.if).toEqual({
    and: [
      { attribute: 'age', operator: 'gte', value: 18 },
      { attribute: 'age', operator: 'lt', value: 65 },
    ],
  });
});

test('a prerequisite of a feature with values of several types is left out', () => {
  const gate = { parentConditions: [{ id: 'p', condition: { value: true }, gate: true }] };
  const features = {
    p: { defaultValue: true, rules: [{ force: 'true', condition: { id: 'x' } }] },
    f: { defaultValue: 1, rules: [gate] },
  };
  expect(reported(importGrowthBook(JSON.stringify({ features }), prod), 'left-out')).toEqual({
    'features.f': 'It requires a value of `p`, whose values are of several types.',
  });
});

test('saved groups are segments', () => {
  expect(imported.definitions.filter(({ kind }) => kind === 'segment').map(({ value }) => value)).toEqual([
    { segment: 'banned-users', if: { attribute: 'targetingKey', operator: 'eq', value: 'mallory' } },
    { segment: 'grownups', if: { attribute: 'age', operator: 'gte', value: 18 } },
    { segment: 'staff', if: { attribute: 'targetingKey', operator: 'in', value: ['alice', 'bob'] } },
  ]);
});

test.each([
  ['a bandit', { contextualVariations: [1, 2], contextualBanditRef: 'b' }, /bandit/],
  ['a holdout', { variations: [1, 2], meta: [{ passthrough: true }, {}] }, /passes/],
  [
    'two namespaces',
    {
      variations: [1, 2],
      filters: [
        { seed: 'a', ranges: [[0, 1]] },
        { seed: 'b', ranges: [[0, 1]] },
      ],
    },
    /several namespaces/,
  ],
  ['a list to equal', { condition: { a: [1] }, force: 2 }, /a list or an object/],
  ['look-ahead', { condition: { a: { $regex: 'a(?=b)' } }, force: 2 }, /none of RE2/],
  ['no whole version', { condition: { a: { $vgt: '2.3' } }, force: 2 }, /no whole version/],
  [
    'a late prerequisite',
    { parentConditions: [{ id: 'f', condition: { value: 1 }, gate: true }], force: 2 },
    /after another rule/,
  ],
])('a feature with %s is left out whole, with the reason', (_, rule, reason) => {
  const payload = {
    features: { f: { defaultValue: 1, rules: [{ force: 2, condition: { id: 'x' } }, rule] } },
  };
  const { definitions, report } = importGrowthBook(JSON.stringify(payload), prod);
  expect(definitions).toEqual([]);
  expect(report).toMatchObject([
    { what: 'features.f', kind: 'left-out', reason: expect.stringMatching(reason) },
  ]);
});

test('an encrypted payload, and the list of another API, are wrong use', () => {
  expect(() => importGrowthBook('{"features":[]}', prod)).toThrow(/SDK connection/);
  expect(() => importGrowthBook('{"encryptedFeatures":"x"}', prod)).toThrow(/encrypted/);
});
