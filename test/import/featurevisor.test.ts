// Definitions from Featurevisor, judged by its own SDK. The fixture is written after the reference of its datafiles.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { importFeaturevisor, importFeaturevisorProject } from '../../src/import/featurevisor/featurevisor.ts';
import type { JsonValue } from '../../src/lib/json.ts';
import { aroundNumbers, aroundTexts, contextsFrom, pick, seeded } from './support/contexts.ts';
import { flagIn, reported, served } from './support/imported.ts';
import { type Attributes, expectSame, featurevisorContext, featurevisorWith } from './support/judges.ts';

const text = await readFile(join(import.meta.dirname, 'fixtures/featurevisor.json'), 'utf8');
const file = JSON.parse(text);
const prod = { environments: ['prod'] };
const imported = importFeaturevisor(text, prod);
const judge = featurevisorWith(file);

const domain = {
  targetingKey: ['alice', 'bob', 'carol', ''],
  country: aroundTexts('DE', 'FR', 'US'),
  age: aroundNumbers(18, 65),
  'browser.name': ['chrome', 'firefox'],
  'browser.version': ['1.0.0', '1.0', 'v1.0.0', '2.0.0', 'nonsense'],
  version: [
    '2.3.1',
    '2.3.2',
    '2.4.0-beta.1',
    '2.3.1-beta.1',
    '3.0.0',
    '3.0.1',
    '3',
    'v3.0.0',
    'nonsense',
    '',
  ],
  email: aroundTexts('jo@acme.example', 'JOAN@x.example'),
  interests: [[], ['sports'], ['sports', 'chess'], ['chess'], ['music', 'sports']],
  signedUp: [
    '2026-01-01T00:00:00Z',
    '2026-01-01T00:00:00.001Z',
    '2025-12-31T23:00:00-02:00',
    '2024-06-01T00:00:00Z',
    1767225600001,
  ],
};
const contexts = contextsFrom(domain, 600);

test('what no definition can say is left out, with the reason', () => {
  expect(reported(imported, 'left-out')).toEqual({
    'features.coloured.variables.ink':
      'Its value depends on the variation that a unit is dealt, and two flags are dealt apart from each other.',
    'features.forced-past-zero.variables.gone':
      'It has a value for when the feature is disabled, and none for some who are forced in.',
    'features.in-group': 'It is in a group, whose features exclude each other.',
    'features.two-units': 'It deals by several attributes together.',
  });
});

test.each([
  ['simple', 'simple'],
  ['Checkout/Page', 'checkout-page'],
  ['forced', 'forced'],
  ['forced-past-zero', 'forced-past-zero'],
  ['needs', 'needs'],
  ['coloured', 'coloured'],
])('%s is on for whom Featurevisor’s SDK says, in 600 contexts', (name, key) => {
  const decide = served(imported);
  const answers = new Set();
  for (const context of contexts) {
    const isOn = judge.isEnabled(name, featurevisorContext(context));
    answers.add(isOn);
    expectSame(decide(key, context).value, isOn, context);
  }
  expect(answers.size).toBe(name === 'simple' ? 1 : 2);
});

test.each([
  ['coloured', ['blue', 'grey', 'red']],
  ['forced-past-zero', ['b', null]],
])('the variations of %s are those of Featurevisor’s SDK, in 600 contexts', (name, all) => {
  const decide = served(imported);
  const answers = new Set<JsonValue>();
  for (const context of contexts) {
    const variation = judge.getVariation(name, featurevisorContext(context));
    answers.add(variation);
    expectSame(decide(`${name}-variation`, context).value ?? null, variation, context);
  }
  expect([...answers].sort()).toEqual(all);
});

test.each([
  ['forced', 'size'],
  ['forced', 'title'],
  ['forced', 'shown'],
  ['forced', 'config'],
  ['forced-past-zero', 'title'],
])('of %s, the variable %s has the values of Featurevisor’s SDK, in 600 contexts', (feature, name) => {
  const decide = served(imported);
  const answers = new Set();
  for (const context of contexts) {
    const value = judge.getVariable(feature, name, featurevisorContext(context));
    answers.add(JSON.stringify(value));
    expectSame(decide(`${feature}-${name}`, context).value ?? null, value, context);
  }
  expect(answers.size > 1).toBe(`${feature} ${name}` !== 'forced title');
});

test('random conditions are those of Featurevisor’s SDK', () => {
  const random = seeded(19);
  const leaf = (): JsonValue =>
    pick<() => JsonValue>(random, [
      () => ({
        attribute: 'country',
        operator: pick(random, ['equals', 'notEquals', 'contains', 'notContains', 'startsWith', 'endsWith']),
        value: pick(random, ['DE', 'F', '']),
      }),
      () => ({
        attribute: 'country',
        operator: pick(random, ['in', 'notIn']),
        value: pick(random, [['DE', 'US'], ['fr']]),
      }),
      () => ({
        attribute: 'age',
        operator: pick(random, [
          'greaterThan',
          'greaterThanOrEquals',
          'lessThan',
          'lessThanOrEquals',
          'equals',
        ]),
        value: pick(random, [18, 65, 0]),
      }),
      () => ({
        attribute: 'version',
        operator: pick(random, [
          'semverEquals',
          'semverNotEquals',
          'semverGreaterThan',
          'semverGreaterThanOrEquals',
          'semverLessThan',
          'semverLessThanOrEquals',
        ]),
        value: pick(random, ['2.3.1', '3.0.0', '2.4.0-beta.1']),
      }),
      () => ({
        attribute: 'email',
        operator: pick(random, ['matches', 'notMatches']),
        value: pick(random, ['^jo', 'example$']),
        ...(random() < 0.5 && { regexFlags: 'i' }),
      }),
      () => ({
        attribute: 'interests',
        operator: pick(random, ['includes', 'notIncludes']),
        value: pick(random, ['sports', 'chess']),
      }),
      () => ({ attribute: 'email', operator: pick(random, ['exists', 'notExists']) }),
      () => ({
        attribute: 'signedUp',
        operator: pick(random, ['before', 'after']),
        value: '2026-01-01T00:00:00Z',
      }),
      () => '*',
    ])();
  const condition = (depth: number): JsonValue => {
    if (depth === 0 || random() < 0.3) return leaf();
    return { [pick(random, ['and', 'or', 'not'])]: [condition(depth - 1), condition(depth - 1)] };
  };
  const names = Array.from({ length: 60 }, (_, index) => `f${index}`);
  const datafile = {
    schemaVersion: '2',
    revision: '1',
    segments: Object.fromEntries(names.map((name) => [name, { conditions: [condition(3)] }])),
    features: Object.fromEntries(
      names.map((name, index) => {
        const segments = { [pick(random, ['and', 'or', 'not'])]: [name, names[(index + 1) % names.length]] };
        return [name, { bucketBy: 'userId', traffic: [{ key: 'a', segments, percentage: 100_000 }] }];
      }),
    ),
  };
  const result = importFeaturevisor(JSON.stringify(datafile), prod);
  expect(reported(result, 'left-out')).toEqual({});
  const decide = served(result);
  const sdk = featurevisorWith(datafile);
  const counts = { true: 0, false: 0 };
  for (const context of contextsFrom(domain, 100, 8)) {
    for (const name of names) {
      const isOn = sdk.isEnabled(name, featurevisorContext(context));
      counts[isOn ? 'true' : 'false']++;
      expectSame(decide(name, context).value, isOn, [datafile.features[name], datafile.segments, context]);
    }
  }
  expect(Math.min(counts.true, counts.false)).toBeGreaterThan(1_000);
});

test('over 2,000 units the shares are those of Featurevisor', () => {
  const decide = served(imported);
  const units = Array.from({ length: 2_000 }, (_, index) => ({ targetingKey: `u${index}` }));
  const share = (isIn: (context: Attributes) => boolean) => units.filter(isIn).length / units.length;
  expect(share((context) => decide('split', context).value === true)).toBeCloseTo(
    share((context) => judge.isEnabled('split', featurevisorContext(context))),
    1,
  );
  for (const value of ['control', 'treatment'])
    expect(share((context) => decide('split-variation', context).value === value)).toBeCloseTo(
      share((context) => judge.getVariation('split', featurevisorContext(context)) === value),
      1,
    );
  expect(reported(imported, 're-dealt')).toEqual({
    'features.split':
      'The share stays: 50 %. Which `targetingKey` is in is dealt anew; without one nobody is.',
    'features.split.variation':
      'The weights stay: control 40 %, treatment 60 %. Which `targetingKey` gets which is dealt anew.',
  });
});

test('a project’s folder is read environment by environment', () => {
  const result = importFeaturevisorProject(
    [
      {
        path: 'segments/eu/germany.yml',
        text: 'description: Germans\nconditions:\n  - attribute: country\n    operator: equals\n    value: DE\n',
      },
      {
        path: 'features/banner.yml',
        text: `description: A banner.
tags: [all]
bucketBy: userId
variations:
  - { value: a, weight: 25 }
  - { value: b, weight: 75 }
rules:
  staging:
    - { key: all, segments: "*", percentage: 100 }
  production:
    - { key: germans, segments: eu/germany, percentage: 30, variationWeights: { a: 50, b: 50 } }
`,
      },
      { path: 'features/old.yml', text: 'archived: true\nbucketBy: userId\n' },
      {
        path: 'features/grouped.yml',
        text: 'deprecated: true\nbucketBy: userId\nrules:\n  production: []\n',
      },
      { path: 'groups/g.yml', text: 'slots:\n  - { feature: grouped, percentage: 50 }\n' },
      { path: 'attributes/country.yml', text: 'type: string\n' },
    ],
    {},
  );
  expect(result.environments).toEqual(['staging', 'production']);
  expect(reported(result, 'left-out')).toEqual({
    'features/grouped.yml': 'It is in a group, whose features exclude each other.',
  });
  expect(reported(result, 'ignored')).toEqual({ 'features/old.yml': 'It is archived.' });
  expect(flagIn(result, 'banner')).toMatchObject({
    description: 'A banner.',
    tags: ['all'],
    environments: {
      staging: { serve: 'on' },
      production: { rules: [{ name: 'germans', then: { serve: 'on', percent: 30 } }], serve: 'off' },
    },
  });
  expect(flagIn(result, 'banner-variation').environments?.production?.rules?.[0]?.then).toEqual({
    rollout: {
      variations: [
        { key: 'a', weight: 50 },
        { key: 'b', weight: 50 },
      ],
    },
  });
  expect(() => importFeaturevisorProject([{ path: 'features/x.yml', text: 'a: [1' }], {})).toThrow(
    /features\/x\.yml: line 1/,
  );
  expect(() => importFeaturevisorProject([], {})).toThrow(/no features/);
});

const rules = (...traffic: object[]) => ({ bucketBy: 'userId', traffic });
const where = (condition: object) => ({
  features: { f: rules({ key: 'r', segments: 's', percentage: 100000 }) },
  segments: { s: { conditions: [condition] } },
});

test.each([
  ['an unknown operator', where({ attribute: 'a', operator: 'soundsLike', value: 'b' })],
  [
    'a regular expression with flags',
    where({ attribute: 'a', operator: 'matches', value: 'b', regexFlags: 'g' }),
  ],
  ['a time without a zone', where({ attribute: 'a', operator: 'before', value: '2026-01-01T00:00:00' })],
  ['a null', where({ attribute: 'a', operator: 'equals', value: null })],
  ['a value beside `exists`', where({ attribute: 'a', operator: 'exists', value: 'b' })],
  ['no time to compare with', where({ attribute: 'a', operator: 'before', value: true })],
])('a segment with %s is left out, and the features that use it', (_, datafile) => {
  const { definitions, report } = importFeaturevisor(
    JSON.stringify({ schemaVersion: '2', ...datafile }),
    prod,
  );
  expect(definitions).toEqual([]);
  expect(report.map(({ what, kind }) => [what, kind])).toEqual([
    ['segments.s', 'left-out'],
    ['features.f', 'left-out'],
  ]);
});

test('a variable that is forced where its feature may be off is left out', () => {
  const f = {
    ...rules({ key: 'r', segments: '*', percentage: 0 }),
    variablesSchema: { size: { type: 'integer', defaultValue: 1 } },
    force: [{ conditions: [{ attribute: 'a', operator: 'exists' }], variables: { size: 2 } }],
  };
  expect(reported(importFeaturevisor(JSON.stringify({ features: { f } }), prod), 'left-out')).toEqual({
    'features.f.variables.size': 'It is forced for some whether the feature is enabled for them or not.',
  });
});

test('what a rule changes of a variable in parts is left out, and variables may name their schemas', () => {
  const text = `bucketBy: userId
variablesSchema:
  config: { type: object, defaultValue: { width: 1 } }
  tags: { type: array, defaultValue: [a] }
  title: { type: string, defaultValue: x }
  link: { schema: link, defaultValue: { url: / } }
  unknown: { schema: none, defaultValue: 1 }
rules:
  prod:
    - { key: all, segments: "*", percentage: 100, variables: { config.width: 5, "tags[0]": b }, variableOverrides: { title: [] } }
`;
  const files = [
    { path: 'features/f.yml', text },
    { path: 'schemas/link.yml', text: 'type: object\n' },
  ];
  const result = importFeaturevisorProject(files, {});
  expect(reported(result, 'left-out')).toEqual({
    'features/f.yml.variables.config': 'A rule changes only a part of its value.',
    'features/f.yml.variables.tags': 'A rule changes only a part of its value.',
    'features/f.yml.variables.title': 'A rule overrides its value for some of those whom it takes.',
    'features/f.yml.variables.unknown': 'Its type `none` is not known.',
  });
  expect(flagIn(result, 'f-link').variations).toEqual({ 'value-1': { url: '/' } });
});

test('features of version 1 are left out, and told', () => {
  const file = (text: string) =>
    importFeaturevisorProject([{ path: 'features/f.yml', text: `bucketBy: userId\n${text}` }], {
      environments: ['prod'],
    });
  const rule = '{ key: "1", segments: "*", percentage: 100 }';
  expect(reported(file(`environments: { prod: { rules: [${rule}] } }\n`), 'left-out')).toEqual({
    'features/f.yml': expect.stringMatching(/^It has no `rules`: those of version 1/),
  });
  expect(
    reported(file(`variablesSchema: [{ key: a, type: string }]\nrules: { prod: [${rule}] }\n`), 'left-out'),
  ).toEqual({ 'features/f.yml': expect.stringMatching(/since version 2/) });
});

test.each([
  [
    'forced in without one',
    { force: [{ conditions: '*', enabled: true }], disabledVariationValue: 'a' },
    'a',
  ],
  ['taken for none', {}, false],
])('variations are left out where one is %s', (_, more, value) => {
  const f = { ...rules(), variations: [{ value }, { value: 'b' }], ...more };
  const { report } = importFeaturevisor(JSON.stringify({ features: { f } }), prod);
  expect(report).toContainEqual(expect.objectContaining({ what: 'features.f.variation', kind: 'left-out' }));
});

test('what is no datafile is wrong use', () => {
  expect(() => importFeaturevisor('{"features":[]}', prod)).toThrow(/datafile of schema version 2/);
});
