// Definitions from Unleash, judged by its own client. The fixture is written after the reference of Unleash’s client API.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { ImportOptions } from '../../src/import/imported.ts';
import { importUnleash as importFrom } from '../../src/import/unleash/unleash.ts';
import { aroundNumbers, aroundTexts, contextsFrom, pick, seeded } from './support/contexts.ts';
import { flagIn, reported, served } from './support/imported.ts';
import { DEFAULT, expectSame, unleashContext, unleashWith } from './support/judges.ts';

const text = await readFile(join(import.meta.dirname, 'fixtures/unleash.json'), 'utf8');
const file = JSON.parse(text);
const importUnleash = (from: string, options: ImportOptions = { environments: ['prod'] }) =>
  importFrom(from, options);
const imported = importUnleash(text);

const domain = {
  targetingKey: ['alice', 'bob', 'carol', 'dave', ''],
  sessionId: ['s1', ''],
  country: [...aroundTexts('SE', 'NO', 'DE', 'FR'), 42, '42'],
  email: aroundTexts('jo@ACME.example', 'admin@acme.test', 'JOAN@x.example', 'root@acme.EXAMPLE'),
  age: aroundNumbers(18, 20, 60),
  plan: ['beta', true, 'true', 7, '7', false, 8, 'Beta'],
  version: [
    '2.3.1',
    '2.3.0',
    '2.3.2',
    '3.0.0-alpha.1',
    '2.3.1-beta.1',
    '2.0.0',
    '2.0.0+build.5',
    'nonsense',
    '',
  ],
  remoteAddress: ['10.1.2.3', '11.0.0.1', '192.168.1.7', '192.168.1.8', '::1', 'not an address', ''],
  gateway: ['172.16.0.1', '172.32.0.1', '2001:db8::1', '2001:db9::1', '172.20.255.255', ''],
};
const HASHED = ['half', 'chance', 'split'];
const LEFT_OUT = ['custom', 'hosts', 'unknown-segment', 'orphan'];
const features: { name: string; variants?: unknown[]; strategies: { variants?: unknown[] }[] }[] =
  file.features;
const compared = features.filter(({ name }) => ![...HASHED, ...LEFT_OUT].includes(name));
const keyOf: { [name: string]: string } = { Countries: 'countries' };

test('every feature but those that no condition can say is carried over', () => {
  expect(reported(imported, 'left-out')).toEqual({
    'features.custom': 'The strategy `activeForMoon` is custom: only the app knows what it does.',
    'features.hosts': 'It asks for the host on which the app runs, which no context says.',
    'features.unknown-segment': 'It uses the segment `99`, whose constraints are not in the file.',
    'features.orphan': 'It needs the flag `custom`, which is left out.',
  });
});

test.each(compared)(
  '$name gives what Unleash’s client gives, in 600 contexts',
  async ({ name, ...feature }) => {
    const client = await unleashWith(file);
    const decide = served(imported);
    const key = keyOf[name] ?? name;
    const hasVariants = [feature, ...feature.strategies].some(({ variants = [] }) => variants.length > 0);
    const answers = new Set<unknown>();
    const times = [
      '2026-01-01T00:00:00Z',
      '2026-01-01T00:00:00.001Z',
      '2026-01-02T00:00:00Z',
      '2026-01-02T00:00:00.001Z',
      '2025-12-31T22:59:59.999Z',
      '2026-01-03T18:00:00.001Z',
    ];
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      for (const [index, context] of contextsFrom(domain, 600).entries()) {
        const nowMs = Date.parse(times[index % times.length] ?? '');
        vi.setSystemTime(nowMs);
        const isEnabled = client.isEnabled(name, unleashContext(context) as never);
        answers.add(isEnabled);
        expectSame(decide(key, context, nowMs).value, isEnabled, context);
        if (!hasVariants) continue;
        const { name: variant, enabled, payload } = client.getVariant(name, unleashContext(context) as never);
        const expected = !enabled ? DEFAULT : payload ? JSON.parse(payload.value) : variant;
        answers.add(variant);
        expectSame(decide(`${key}-variant`, context, nowMs).value ?? DEFAULT, expected, context);
      }
    } finally {
      vi.useRealTimers();
      client.destroy();
    }
    const isConstant = ['demo.simple', 'disabled', 'no-strategies', 'nobody'].includes(name);
    expect(answers.size > 1).toBe(!isConstant);
  },
);

test('random constraints give what Unleash’s client gives', async () => {
  const random = seeded(13);
  const constraint = () => {
    const one = pick<() => object>(random, [
      () => ({
        contextName: 'country',
        operator: pick(random, ['IN', 'NOT_IN']),
        values: ['SE', pick(random, ['42', ' DE ', ''])],
      }),
      () => ({ contextName: 'userId', operator: pick(random, ['IN', 'NOT_IN']), values: ['alice', '7'] }),
      () => ({
        contextName: 'email',
        operator: pick(random, ['STR_STARTS_WITH', 'STR_ENDS_WITH', 'STR_CONTAINS']),
        values: [pick(random, ['jo', '@ACME.example', '']), 'admin'],
        caseInsensitive: random() < 0.5,
      }),
      () => ({
        contextName: 'age',
        operator: pick(random, ['NUM_EQ', 'NUM_GT', 'NUM_GTE', 'NUM_LT', 'NUM_LTE']),
        value: pick(random, ['18', '20.5', '-18', 'x']),
      }),
      () => ({
        contextName: 'version',
        operator: pick(random, ['SEMVER_EQ', 'SEMVER_GT', 'SEMVER_GTE', 'SEMVER_LT', 'SEMVER_LTE']),
        value: pick(random, ['2.3.1', '2.3.1-beta.1', '2.3']),
      }),
      () => ({
        contextName: 'email',
        operator: 'REGEX',
        value: pick(random, ['^jo', 'acme', '(']),
        caseInsensitive: random() < 0.5,
      }),
      () => ({
        contextName: 'gateway',
        operator: 'IN_CIDR',
        values: [pick(random, ['172.16.0.0/12', 'nonsense']), '2001:db8::/32'],
      }),
      () => ({
        contextName: 'now',
        operator: pick(random, ['DATE_AFTER', 'DATE_BEFORE']),
        value: '2026-01-01T00:00:00Z',
      }),
    ])();
    return { values: [], ...one, inverted: random() < 0.4 };
  };
  const constraints = () => Array.from({ length: 1 + Math.floor(random() * 3) }, constraint);
  const strategy = () => ({
    name: 'default',
    parameters: {},
    constraints: constraints(),
    segments: random() < 0.3 ? [1 + Math.floor(random() * 5)] : [],
  });
  const bootstrap = {
    features: Array.from({ length: 60 }, (_, index) => ({
      name: `f${index}`,
      enabled: true,
      strategies: [strategy(), strategy()],
    })),
    segments: Array.from({ length: 5 }, (_, index) => ({
      id: index + 1,
      name: `s${index}`,
      constraints: constraints(),
    })),
  };
  const result = importUnleash(JSON.stringify(bootstrap));
  expect(reported(result, 'left-out')).toEqual({});
  const [client, decide] = [await unleashWith(bootstrap), served(result)];
  const counts = { true: 0, false: 0 };
  vi.useFakeTimers({ toFake: ['Date'] });
  try {
    for (const [index, context] of contextsFrom(domain, 100, 4).entries()) {
      const nowMs = Date.parse('2026-01-01T00:00:00Z') + (index % 3) - 1;
      vi.setSystemTime(nowMs);
      for (const feature of bootstrap.features) {
        const isOn = client.isEnabled(feature.name, unleashContext(context) as never);
        counts[isOn ? 'true' : 'false']++;
        expectSame(decide(feature.name, context, nowMs).value, isOn, [feature, bootstrap.segments, context]);
      }
    }
  } finally {
    vi.useRealTimers();
    client.destroy();
  }
  expect(Math.min(counts.true, counts.false)).toBeGreaterThan(1_000);
});

test('shares keep their numbers, and over 2,000 units they come out alike', async () => {
  const client = await unleashWith(file);
  const decide = served(imported);
  const units = Array.from({ length: 2_000 }, (_, index) => `u${index}`);
  const share = (isIn: (unit: string) => boolean) => units.filter(isIn).length / units.length;
  expect(share((targetingKey) => decide('half', { targetingKey }).value === true)).toBeCloseTo(
    share((userId) => client.isEnabled('half', { userId })),
    1,
  );
  for (const [value, name] of [
    ['A', 'a'],
    ['B', 'b'],
    ['C', 'c'],
  ])
    expect(share((targetingKey) => decide('split-variant', { targetingKey }).value === value)).toBeCloseTo(
      share((userId) => client.getVariant('split', { userId }).name === name),
      1,
    );
  client.destroy();
  expect(flagIn(imported, 'half').environments?.prod?.rules?.[0]?.then).toEqual({ serve: 'on', percent: 50 });
  expect(reported(imported, 're-dealt')).toEqual({
    'features.half': 'The share stays: 50 %. Which `targetingKey` is in is dealt anew.',
    'features.chance':
      'The share stays: 25 %. Which `targetingKey` is in is dealt anew. Unleash rolled dice for each evaluation; here a unit stays in or out.',
    'features.split.variants':
      'The share stays: a 33.3 %, b 33.3 %, c 33.4 %. Which `targetingKey` is in is dealt anew. Without one nobody is in; Unleash took the session, or chance.',
  });
});

test('segments are segments, but for one with a time, which is written out', () => {
  expect(imported.definitions.filter(({ kind }) => kind === 'segment').map(({ key }) => key)).toEqual([
    'beta',
    'grown-ups',
  ]);
  const rules = flagIn(imported, 'dated').environments?.prod?.rules ?? [];
  expect(rules.map(({ from, until }) => [from, until])).toEqual([
    ['2026-01-01T00:00:00.001Z', '2026-01-02T00:00:00.001Z'],
    [undefined, '2025-12-31T23:00:00Z'],
    ['2026-01-03T18:00:00.001Z', undefined],
  ]);
});

test('an export is for its environment, with titles, tags and dependencies', () => {
  const exported = {
    features: [{ name: 'parent', description: 'A parent.' }, { name: 'child' }],
    featureStrategies: [
      { featureName: 'child', name: 'default', title: 'last', sortOrder: 2 },
      {
        featureName: 'child',
        name: 'userWithId',
        title: 'first',
        sortOrder: 1,
        parameters: { userIds: 'u' },
      },
      { featureName: 'parent', name: 'default', segments: [1] },
    ],
    featureEnvironments: [
      { featureName: 'parent', environment: 'Production', enabled: false },
      { featureName: 'child', environment: 'Production', enabled: true },
    ],
    featureTags: [{ featureName: 'child', tagType: 'simple', tagValue: 'shop' }],
    dependencies: [{ feature: 'child', dependencies: [{ feature: 'parent' }] }],
    segments: [{ id: 1, name: 'named only' }],
    tagTypes: [],
  };
  const result = importUnleash(JSON.stringify(exported), {});
  expect(result.environments).toEqual(['production']);
  expect(reported(result, 'left-out')).toMatchObject({
    'features.parent': 'It uses the segment `named only`, whose constraints are not in the file.',
    'features.child': 'It needs the flag `parent`, which is left out.',
  });
  exported.featureStrategies.pop();
  const whole = importUnleash(JSON.stringify(exported), { environments: ['prod'] });
  expect(flagIn(whole, 'parent')).toMatchObject({
    description: 'A parent.',
    environments: { prod: { enabled: false } },
  });
  expect(flagIn(whole, 'child')).toMatchObject({
    tags: ['shop'],
    requires: [{ flag: 'parent', variation: 'on' }],
    environments: { prod: { rules: [{ name: 'first' }], serve: 'on' } },
  });
});

test('a feature of the admin API has an environment for each of its own', () => {
  const feature = {
    name: 'f',
    environments: [
      { name: 'development', enabled: true, strategies: [{ name: 'default' }] },
      { name: 'production', enabled: false, strategies: [] },
    ],
  };
  const result = importUnleash(JSON.stringify(feature), {});
  expect(flagIn(result, 'f').environments).toMatchObject({
    development: { serve: 'on' },
    production: { enabled: false },
  });
  expect(importUnleash(JSON.stringify(feature), { environments: ['production'] }).environments).toEqual([
    'production',
  ]);
  expect(() => importUnleash(JSON.stringify(feature), { environments: ['prod'] })).toThrow(
    /no environment `prod`/,
  );
});

const strategy = (more: object) => ({
  features: [{ name: 'f', enabled: true, strategies: [{ name: 'default', ...more }] }],
});

test.each([
  [
    'an unknown operator',
    strategy({ constraints: [{ contextName: 'a', operator: 'SOUNDS_LIKE' }] }),
    /not known/,
  ],
  [
    'a user ordered as a number',
    strategy({ constraints: [{ contextName: 'userId', operator: 'NUM_GT', value: '5' }] }),
    /orders/,
  ],
  [
    'a time without a zone',
    strategy({ constraints: [{ contextName: 'a', operator: 'DATE_AFTER', value: '2026-01-01T00:00:00' }] }),
    /no zone/,
  ],
  ['strategies that are all disabled', strategy({ disabled: true }), /disabled/],
  [
    'two units',
    {
      features: [
        {
          name: 'f',
          enabled: true,
          strategies: ['userId', 'sessionId'].map((stickiness) => ({
            name: 'flexibleRollout',
            parameters: { rollout: 5, stickiness },
          })),
        },
      ],
    },
    /deals by one/,
  ],
])('a feature with %s is left out whole, with the reason', (_, wrong, reason) => {
  const { definitions, report } = importUnleash(JSON.stringify(wrong));
  expect(definitions).toEqual([]);
  expect(report).toMatchObject([
    { what: 'features.f', kind: 'left-out', reason: expect.stringMatching(reason) },
  ]);
});

test('variants that depend on a share are left out, and the feature itself is carried over', () => {
  const variants = [{ name: 'a', weight: 1000 }];
  const half = { name: 'flexibleRollout', parameters: { rollout: 50, stickiness: 'userId' }, variants };
  const result = importUnleash(
    JSON.stringify({ features: [{ name: 'f', enabled: true, strategies: [half, { name: 'default' }] }] }),
  );
  expect(result.definitions.map(({ key }) => key)).toEqual(['f']);
  expect(reported(result, 'left-out')).toEqual({
    'features.f.variants': 'Which variants there are depends on the strategy in whose share a unit is.',
  });
});

test('what a file says beside whom a feature is on for is named, and not carried over', () => {
  const feature = { name: 'f', type: 'release', stale: false, createdAt: '2026-01-01', project: null };
  const gone = { ...feature, name: 'gone', archived: true };
  const file = { version: 1, features: [feature, gone], contextFields: [], featureStrategies: [] };
  const { report } = importUnleash(`\uFEFF${JSON.stringify(file)}`);
  expect(report.filter(({ kind }) => kind === 'ignored')).toEqual([
    {
      what: 'contextFields',
      kind: 'ignored',
      reason: 'It belongs to no single flag, and has no place.',
    },
    { what: 'features.gone', kind: 'ignored', reason: 'It is archived.' },
    { what: 'features.f', kind: 'ignored', reason: 'It has no place: type, stale, createdAt.' },
  ]);
});
