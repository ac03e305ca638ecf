// Definitions from flagd, judged by flagd's own engine. The fixture is written after flagd.dev's reference of flag definitions.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { importFlagd as importFrom } from '../../src/import/flagd/flagd.ts';
import type { ImportOptions } from '../../src/import/imported.ts';
import { UsageError } from '../../src/lib/errors.ts';
import type { JsonValue } from '../../src/lib/json.ts';
import type { Context } from '../../src/model/context.ts';
import {
  aroundNumbers,
  aroundTexts,
  aroundVersions,
  contextsFrom,
  pick,
  seeded,
} from './support/contexts.ts';
import { flagIn, reported, served } from './support/imported.ts';
import { DEFAULT, expectSame, flagdWith } from './support/judges.ts';

const text = await readFile(join(import.meta.dirname, 'fixtures/flagd.json'), 'utf8');
const file = JSON.parse(text);
const importFlagd = (text: string, options: ImportOptions = { environments: ['prod'] }) =>
  importFrom(text, options);
const imported = importFlagd(text);
const domain = {
  targetingKey: ['u1', 'u2'],
  email: aroundTexts('@faas.com', 'admin@faas.com', 'jo@shop.example'),
  locale: aroundTexts('de', 'fr', 'nl'),
  plan: aroundTexts('pro', 'free', 'team'),
  'company.plan': aroundTexts('team'),
  age: aroundNumbers(10, 18, 20, 65),
  count: aroundNumbers(0, 5),
  banned: [true, false],
  version: aroundVersions('2.3.1', '2.0.0', '1.0.0'),
};
const HASHED = ['headline', 'thirds'];

const keyOf: { [name: string]: string } = { myBoolFlag: 'my-bool-flag' };
const carried = Object.keys(file.flags).filter((name) =>
  imported.definitions.some(({ key }) => key === (keyOf[name] ?? name)),
);

test('every flag but the two that compute is carried over', () => {
  expect(Object.keys(file.flags).filter((name) => !carried.includes(name))).toEqual([
    'by-name-of-plan',
    'computed',
  ]);
  expect(reported(imported, 'left-out')).toEqual({
    'flags.by-name-of-plan': '`var` computes the name of a variant.',
    'flags.computed': 'It computes a value with `%`, which conditions cannot.',
  });
});

test.each(carried.filter((name) => !HASHED.includes(name)))(
  '%s gives what flagd’s engine gives, in 600 contexts',
  (name) => {
    const ask = flagdWith(file);
    const decide = served(imported);
    vi.useFakeTimers({ toFake: ['Date'] });
    try {
      const times = [
        1735689599_000, 1735689600_000, 1735689600_999, 1735689601_000, 1767225599_999, 1767225600_000,
      ];
      for (const [index, context] of contextsFrom(domain, 600).entries()) {
        const nowMs = times[index % times.length] ?? 0;
        vi.setSystemTime(nowMs);
        const { value = DEFAULT } = decide(keyOf[name] ?? name, context, nowMs);
        expectSame(value, ask(name, context), context);
      }
    } finally {
      vi.useRealTimers();
    }
  },
);

test('random expressions give what flagd’s engine gives', () => {
  const random = seeded(7);
  const leaf = (): JsonValue =>
    pick<() => JsonValue>(random, [
      () => ({
        [pick(random, ['==', '!=', '===', '!=='])]: [{ var: 'plan' }, pick(random, ['pro', 'free', ''])],
      }),
      () => ({
        [pick(random, ['==', '!=', '<', '<=', '>', '>='])]: [{ var: 'age' }, pick(random, [0, 18, 20])],
      }),
      () => ({
        [pick(random, ['<', '>='])]: [pick(random, [10, 18]), { var: ['age', pick(random, [5, 30])] }],
      }),
      () => ({ in: [{ var: ['plan', 'free'] }, ['pro', 'free']] }),
      () => ({ in: [pick(random, ['faas', 'jo@']), { var: 'email' }] }),
      () => ({
        [pick(random, ['starts_with', 'ends_with'])]: [{ var: 'email' }, pick(random, ['jo', '.com'])],
      }),
      () => ({
        sem_ver: [
          { var: 'version' },
          pick(random, ['=', '!=', '<', '<=', '>', '>=', '^', '~']),
          pick(random, ['2.3.1', '2.0.0', '2.3.0-beta.1']),
        ],
      }),
      () => ({ '==': [{ var: 'banned' }, pick(random, [true, false])] }),
      () => ({ '!': { var: 'banned' } }),
      () => ({ var: ['banned', pick(random, [true, false])] }),
      () => ({ missing: [pick(random, ['email', 'plan'])] }),
    ])();
  const expression = (depth: number): JsonValue => {
    if (depth === 0 || random() < 0.3) return leaf();
    const operator = pick(random, ['and', 'or', '!', 'if']);
    const count = operator === '!' ? 1 : operator === 'if' ? 3 : 2;
    return { [operator]: Array.from({ length: count }, () => expression(depth - 1)) };
  };
  const variants = { a: 'A', b: 'B', c: 'C', d: 'D' };
  const flags: { [name: string]: JsonValue } = {};
  for (let index = 0; index < 60; index++) {
    const then = { if: [expression(2), pick(random, ['a', null]), pick(random, ['b', null, 'unknown'])] };
    const targeting = { if: [expression(3), then, expression(2), 'c', pick(random, ['d', null])] };
    flags[`random-${index}`] = {
      state: 'ENABLED',
      variants,
      ...(random() < 0.7 && { defaultVariant: 'a' }),
      targeting,
    };
  }
  const result = importFlagd(JSON.stringify({ flags }));
  expect(reported(result, 'left-out')).toEqual({});
  const [ask, decide] = [flagdWith({ flags }), served(result)];
  const answers = new Set();
  for (const context of contextsFrom(domain, 100, 3)) {
    for (const name of Object.keys(flags)) {
      const { value = DEFAULT } = decide(name, context);
      answers.add(value);
      expectSame(value, ask(name, context), [flags[name], context]);
    }
  }
  expect([...answers].sort()).toEqual(['A', 'B', 'C', 'D', DEFAULT]);
});

test('shares keep their numbers, and the report says that units are dealt anew', () => {
  expect(flagIn(imported, 'headline')).toMatchObject({ unit: 'email' });
  expect(flagIn(imported, 'headline').environments?.prod?.rules?.[0]?.then).toEqual({
    rollout: {
      variations: [
        { key: 'short', weight: 50 },
        { key: 'long', weight: 50 },
      ],
    },
  });
  expect(flagIn(imported, 'thirds').environments?.prod?.rules?.[0]?.then).toMatchObject({
    rollout: { variations: [{ weight: 33.34 }, { weight: 33.33 }, { weight: 33.33 }] },
  });
  expect(reported(imported, 're-dealt')).toEqual({
    'flags.headline':
      'The shares stay: short 50 %, long 50 %. Which `email` is in which is dealt anew. Whoever lacks it gets the default variant; flagd dealt them all alike.',
    'flags.thirds':
      'The shares stay: a 33.34 %, b 33.33 %, c 33.33 % (rounded to hundredths of a percent). Which `targetingKey` is in which is dealt anew.',
  });
});

test('over 2,000 units the shares of a split are those of flagd, and whoever has no unit gets the default', () => {
  const [ask, decide] = [flagdWith(file), served(imported)];
  const counted = (answer: (context: Context) => unknown) => {
    const units = Array.from({ length: 2_000 }, (_, index) => ({
      targetingKey: `u${index}`,
      email: `${index}@x`,
      plan: 'pro',
    }));
    return units.filter((context) => answer(context) === 'Buy').length / units.length;
  };
  expect(counted((context) => decide('headline', context).value)).toBeCloseTo(
    counted((context) => ask('headline', context)),
    1,
  );
  for (const context of [{}, { targetingKey: '' }])
    expect(decide('thirds', context).value).toBe(ask('thirds', context));
});

test('a shared evaluator is a segment, metadata describes, and names that are no keys are rewritten', () => {
  expect(imported.definitions.filter(({ kind }) => kind === 'segment')).toMatchObject([
    {
      key: 'email-with-faas',
      value: { if: { attribute: 'email', operator: 'ends_with', value: '@faas.com' } },
    },
  ]);
  expect(flagIn(imported, 'my-bool-flag')).toMatchObject({
    description: 'The simplest flag there is.',
    owner: 'web',
  });
  expect(reported(imported, 'renamed')).toMatchObject({
    'flags.myBoolFlag': 'The flag `myBoolFlag` is `my-bool-flag` here. Apps must ask for the new key.',
  });
  expect(reported(imported, 'ignored')).toMatchObject({
    'flags.myBoolFlag': 'It has no place: metadata.ticket.',
  });
});

test('attributes get the types that their conditions ask for', () => {
  expect(imported.attributes).toEqual({
    age: { type: 'number' },
    banned: { type: 'boolean' },
    'company.plan': { type: 'string' },
    count: { type: 'number' },
    email: { type: 'string' },
    locale: { type: 'string' },
    plan: { type: 'string' },
    version: { type: 'semver' },
  });
});

test('the environments are those that are asked for', () => {
  const { definitions, environments } = importFlagd(text, { environments: ['dev', 'prod'] });
  expect(environments).toEqual(['dev', 'prod']);
  const [first] = definitions;
  expect(first?.kind === 'flag' && Object.keys(first.value.environments ?? {})).toEqual(['dev', 'prod']);
});

const flag = (targeting: unknown, more = {}) =>
  JSON.stringify({
    flags: {
      f: { state: 'ENABLED', variants: { on: true, off: false }, defaultVariant: 'off', targeting, ...more },
    },
  });

test.each([
  ['an attribute of the whole context', { if: [{ '==': [{ var: '' }, 1] }, 'on'] }, /no attribute/],
  ['two attributes compared', { if: [{ '==': [{ var: 'a' }, { var: 'b' }] }, 'on'] }, /with each other/],
  ['texts in order', { if: [{ '<': [{ var: 'a' }, 'b'] }, 'on'] }, /not a number/],
  [
    'the time within `or`',
    { if: [{ or: [{ '<': [{ var: '$flagd.timestamp' }, 5] }, { var: 'a' }] }, 'on'] },
    /the time/,
  ],
  ['an unknown operator', { if: [{ xor: [1, 2] }, 'on'] }, /no counterpart/],
  ['an unknown evaluator', { if: [{ $ref: 'x' }, 'on'] }, /is not there/],
  [
    'two units',
    {
      if: [
        { var: 'a' },
        { fractional: [{ var: 'a' }, ['on', 1], ['off', 1]] },
        { fractional: [['on'], ['off']] },
      ],
    },
    /It splits by/,
  ],
  ['`and` without a list', { if: [{ and: { var: 'a' } }, 'on'] }, /needs a list/],
  ['several operators', { if: [{ '==': [1, 1], and: [] }, 'on'] }, /several operators/],
  [
    'a computed weight',
    {
      fractional: [
        ['on', { var: 'w' }],
        ['off', 1],
      ],
    },
    /computed/,
  ],
])('a flag with %s is left out whole, with the reason', (_, targeting, reason) => {
  const { definitions, report } = importFlagd(flag(targeting));
  expect(definitions).toEqual([]);
  expect(report).toMatchObject([
    { what: 'flags.f', kind: 'left-out', reason: expect.stringMatching(reason) },
  ]);
});

test.each([
  ['no flag definitions', '{"features":{}}', /has no `flags`/],
  ['text', 'hello', /an object with `flags`/],
  ['broken JSON', '{"flags": {"a": }', /line 1, column \d+: /],
  ['broken YAML', 'flags:\n  a: [1', /line 2, column \d+: /],
  ['nested too deep', `{"flags":${'['.repeat(9_000)}${']'.repeat(9_000)}}`, /64 levels/],
])('%s is wrong use, and the message says where', (_, wrong, message) => {
  expect(() => importFlagd(wrong)).toThrow(UsageError);
  expect(() => importFlagd(wrong)).toThrow(message);
});

test('evaluators that multiply each other end in a report', () => {
  const $evaluators: { [name: string]: JsonValue } = { e0: { '%': [1, 1] } };
  for (let index = 1; index < 40; index++)
    $evaluators[`e${index}`] = { or: Array(9).fill({ $ref: `e${index - 1}` }) };
  const flags = JSON.parse(flag({ if: [{ and: [{ var: 'a' }, { $ref: 'e39' }] }, 'on'] })).flags;
  expect(reported(importFlagd(JSON.stringify({ flags, $evaluators })), 'left-out')).toHaveProperty([
    'flags.f',
  ]);
  const cycle = { a: { '!': { $ref: 'b' } }, b: { '!': { $ref: 'a' } } };
  const result = importFlagd(
    JSON.stringify({ flags: JSON.parse(flag({ if: [{ $ref: 'a' }, 'on'] })).flags, $evaluators: cycle }),
  );
  expect(reported(result, 'left-out')).toEqual({ 'flags.f': 'The evaluator "a" refers to itself.' });
});

test('nothing at all is not true, with `and` neither', () => {
  for (const empty of [{ and: [] }, { or: [] }, { if: [{ and: [] }, 'on', 'off'] }]) {
    const targeting = 'if' in empty ? empty : { if: [{ '!': empty }, 'off', 'on'] };
    const [ask, decide] = [flagdWith(JSON.parse(flag(targeting))), served(importFlagd(flag(targeting)))];
    expect(decide('f', {}).value).toBe(false);
    expect(ask('f', {})).toBe(false);
  }
});

test('an empty text is in every text but an empty one', () => {
  const targeting = { if: [{ in: ['', { var: 'a' }] }, 'on', 'off'] };
  const [ask, decide] = [flagdWith(JSON.parse(flag(targeting))), served(importFlagd(flag(targeting)))];
  for (const context of [{}, { a: '' }, { a: 'x' }, { a: ' ' }])
    expectSame(decide('f', context).value, ask('f', context), context);
});

test('that one evaluator refers to another is told', () => {
  const { flags } = JSON.parse(flag({ if: [{ $ref: 'b' }, 'on'] }));
  const $evaluators = { a: { '===': [{ var: 'x' }, 'y'] }, b: { '!': { $ref: 'a' } } };
  expect(reported(importFlagd(JSON.stringify({ flags, $evaluators })), 'changed')).toMatchObject({
    '$evaluators.b': expect.stringMatching(/^One shared evaluator refers to another/),
  });
});

test('YAML reads as JSON does', () => {
  const { definitions } = importFlagd(
    'flags:\n  a:\n    state: ENABLED\n    variants: { on: true, off: false }\n    defaultVariant: on\n',
  );
  expect(definitions).toMatchObject([
    { key: 'a', value: { type: 'boolean', environments: { prod: { serve: 'on' } } } },
  ]);
});

test.each(['==', '!='])('`%s` with a text of digits is the same for a number of these digits', (operator) => {
  const one = JSON.parse(flag({ if: [{ [operator]: [{ var: 'age' }, '18'] }, 'on', 'off'] }));
  const [ask, decide] = [flagdWith(one), served(importFlagd(JSON.stringify(one)))];
  for (const context of [{ age: 18 }, { age: '18' }, { age: 17 }, { age: '17' }, { age: 18.5 }]) {
    expectSame(decide('f', context, 0).value ?? DEFAULT, ask('f', context), context);
  }
});
