// Definitions from GO Feature Flag. Queries are judged by the answers of its own query engine, which is written in Go and
// was asked beforehand (goff-judge/); there is no engine on npm. The rest follows its reference of the flag format.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { limits } from '../../src/definitions/source-file.ts';
import { importGoff } from '../../src/import/goff/goff.ts';
import { contexts, queries } from './goff-judge/questions.ts';
import { flagIn, reported, served } from './support/imported.ts';

const fixture = (name: string) => readFile(join(import.meta.dirname, 'fixtures', name), 'utf8');
const prod = { environments: ['prod'] };
const imported = importGoff(await fixture('goff.yaml'), prod);
const DEFAULT = 'the app’s own default';

test('queries hold for whom GO Feature Flag’s engine says, in 500 contexts', async () => {
  const answers: { [query: string]: string } = JSON.parse(await fixture('goff-queries.json'));
  expect(Object.keys(answers).sort()).toEqual([...queries].sort());
  const flags = Object.fromEntries(
    queries.map((query, index) => [
      `q${index}`,
      {
        variations: { yes: '1', no: '0' },
        targeting: [{ query, variation: 'yes' }],
        defaultRule: { variation: 'no' },
      },
    ]),
  );
  const result = importGoff(JSON.stringify(flags), prod);
  expect(reported(result, 'left-out')).toEqual({});
  const decide = served(result);
  for (const [index, query] of queries.entries()) {
    const decided = contexts.map((context) => decide(`q${index}`, context).value).join('');
    expect(decided, query).toBe(answers[query]);
  }
});

test('every flag but those that no definition can say is carried over', () => {
  expect(reported(imported, 'left-out')).toEqual({
    'json-logic': 'Its query is JsonLogic, which GO Feature Flag evaluates in its own way.',
    'ordered-texts': 'Its query orders texts with `gt`.',
  });
});

const at = (time: string) => Date.parse(time);
const everyone = { targetingKey: 'u1' };

test.each([
  ['an admin', 'new-admin-access', { email: 'jo@ACME.example', role: 'Admin' }, 0, true],
  ['a tester', 'new-admin-access', { email: 'jo@acme.example', beta: true }, 0, true],
  ['a stranger', 'new-admin-access', { email: 'jo@x.example', role: 'admin', age: 5 }, 0, false],
  ['an adult', 'new-admin-access', { targetingKey: 'u', age: 18 }, 0, true],
  ['a guest', 'new-admin-access', { targetingKey: 'Guest-1', age: 99 }, 0, false],
  ['a disabled flag', 'turned-off', everyone, 0, DEFAULT],
  ['a split without a key', 'banner', { company: { plan: 'team' } }, 0, DEFAULT],
  ['a rollout without a key', 'progressive', { beta: true }, 0, DEFAULT],
  ['a rule before a rollout', 'progressive', { targetingKey: 'u', beta: true }, 0, 2],
  ['before a rollout', 'progressive', everyone, at('2025-12-31T23:59:59Z'), 1],
  ['after a rollout', 'progressive', everyone, at('2026-01-11T00:00:00Z'), 2],
  ['before an experiment', 'experiment', { teamId: 't' }, at('2026-01-31T23:59:59.999Z'), DEFAULT],
  ['after an experiment', 'experiment', { teamId: 't' }, at('2026-03-01T00:00:00.001Z'), DEFAULT],
  ['an experiment without its key', 'experiment', everyone, at('2026-02-02T00:00:00Z'), DEFAULT],
  ['the first phase', 'scheduled', { beta: true }, at('2026-03-31T23:59:59.999Z'), { size: 1 }],
  ['the second phase', 'scheduled', { beta: true }, at('2026-04-01T00:00:00Z'), { size: 2 }],
  ['the second phase, for others', 'scheduled', {}, at('2026-04-01T00:00:00Z'), { size: 1 }],
  ['the third phase', 'scheduled', {}, at('2026-05-01T00:00:00Z'), DEFAULT],
  ['the last phase', 'scheduled', {}, at('2026-06-01T00:00:00Z'), { size: 2 }],
  [
    'the last phase, by a rule that was added',
    'scheduled',
    { age: 61 },
    at('2026-06-01T00:00:00Z'),
    { size: 1 },
  ],
  [
    'the last phase, before the rule that was added',
    'scheduled',
    { age: 61, beta: true },
    at('2026-06-01T00:00:00Z'),
    { size: 2 },
  ],
])('%s gets what the reference of the flag format says', (_, flag, context, nowMs, value) => {
  expect(served(imported)(flag, context, nowMs).value ?? DEFAULT).toEqual(value);
});

test('an experiment deals its units within its dates', () => {
  const decide = served(imported);
  for (const time of ['2026-02-01T00:00:00Z', '2026-03-01T00:00:00Z'])
    expect(['blue', 'red']).toContain(decide('experiment', { teamId: 't' }, at(time)).value);
});

test('percentages keep their numbers, in the order in which GO Feature Flag lays them', () => {
  const prod = flagIn(imported, 'banner').environments?.prod;
  const shares = prod?.rules?.map(({ then }) => 'rollout' in then && then.rollout.variations);
  expect(shares).toEqual([
    [
      { key: 'b', weight: 40 },
      { key: 'a', weight: 60 },
    ],
    [
      { key: 'c', weight: 70 },
      { key: 'b', weight: 20 },
      { key: 'a', weight: 10 },
    ],
  ]);
  expect(reported(imported, 're-dealt')).toMatchObject({
    banner: 'The shares stay: c 70 %, b 20 %, a 10 %. Which `targetingKey` is in which is dealt anew.',
    experiment: 'The shares stay: test 50 %, control 50 %. Which `teamId` is in which is dealt anew.',
  });
});

test('a progressive rollout is a linear ramp between its dates', () => {
  const rules = flagIn(imported, 'progressive').environments?.prod?.rules;
  expect(rules?.[1]?.then).toEqual({
    serve: 'after',
    ramp: [
      { at: '2026-01-01T00:00:00Z', percent: 10 },
      { at: '2026-01-11T00:00:00Z', percent: 100 },
    ],
    linear: true,
  });
  const decide = served(imported);
  const half = Array.from({ length: 2_000 }, (_, index) => ({ targetingKey: `u${index}` }));
  const on = half.filter((context) => decide('progressive', context, at('2026-01-06T00:00:00Z')).value === 2);
  expect(on.length / half.length).toBeCloseTo(0.55, 1);
});

test('names, descriptions and what has no place', () => {
  expect(flagIn(imported, 'new-admin-access')).toMatchObject({
    description: 'Opens the admin pages.',
    owner: 'platform',
    variations: { enabled: true, disabled: false },
    environments: { prod: { rules: [{ name: 'Admins' }, {}], serve: 'disabled' } },
  });
  expect(reported(imported, 'ignored')).toEqual({
    'new-admin-access': 'It has no place: metadata.issue, version, trackEvents.',
  });
  expect(reported(imported, 'renamed')).toMatchObject({
    'Turned Off': 'The flag `Turned Off` is `turned-off` here. Apps must ask for the new key.',
  });
});

const flag = (more: object) => ({ variations: { a: 1, b: 2 }, defaultRule: { variation: 'a' }, ...more });
const query = (text: string) => flag({ targeting: [{ query: text, variation: 'b' }] });

test.each([
  [
    'the old format',
    { rule: 'key eq "a"', percentage: 50, true: 1, false: 2, default: 2 },
    /before version 1/,
  ],
  ['a query without an operator', query('age'), /not understood at its end/],
  ['a query with more', query('age eq 1 leftover'), /not understood at "leftover"/],
  ['a text that does not end', query('a eq "x'), /does not end/],
  ['numbers that contain', query('age co 5'), /does not fit/],
  ['a mixed list', query('a in ["x", 1]'), /several types/],
  ['a deep query', query(`${'('.repeat(40)}a eq 1${')'.repeat(40)}`), /32 deep/],
  ['an unknown variation', flag({ defaultRule: { variation: 'c' } }), /no variation/],
  ['a null', flag({ variations: { a: null } }), /null/],
  ['a bad date', flag({ experimentation: { start: 'soon' } }), /no date/],
  [
    'a rollout that ends first',
    flag({
      defaultRule: {
        progressiveRollout: {
          initial: { variation: 'a', date: '2026-01-02T00:00:00Z' },
          end: { variation: 'b', date: '2026-01-01T00:00:00Z' },
        },
      },
    }),
    /before it begins/,
  ],
  [
    'a value that changes',
    flag({ scheduledRollout: [{ date: '2026-01-01T00:00:00Z', variations: { a: 3 } }] }),
    /changes with time/,
  ],
  [
    'steps out of order',
    flag({ scheduledRollout: ['2026-01-02', '2026-01-01'].map((day) => ({ date: `${day}T00:00:00Z` })) }),
    /order of their dates/,
  ],
  [
    'a rule that a step loses',
    flag({
      scheduledRollout: [
        { date: '2026-01-01T00:00:00Z', targeting: [{ query: 'a eq 1', variation: 'b' }] },
        { date: '2026-01-02T00:00:00Z' },
      ],
    }),
    /another step follows/,
  ],
])('a flag with %s is left out whole, with the reason', (_, wrong, reason) => {
  const { definitions, report } = importGoff(JSON.stringify({ f: wrong }), prod);
  expect(definitions).toEqual([]);
  expect(report).toMatchObject([{ what: 'f', kind: 'left-out', reason: expect.stringMatching(reason) }]);
});

test('a flag that names its bucketing key gives no value without it, even where nobody is dealt', () => {
  const flag = { variations: { a: 'A' }, bucketingKey: 'team', defaultRule: { variation: 'a' } };
  const decide = served(importGoff(JSON.stringify({ f: flag }), prod));
  expect(decide('f', { targetingKey: 'u' }).value).toBeUndefined();
  expect(decide('f', { targetingKey: 'u', team: '' }).value).toBe('A');
});

test.each(['eq', 'ne', 'gt', 'le'])(
  'that fractions are cut off by `%s` with a whole number is told',
  (operator) => {
    const flag = {
      variations: { a: 'A', b: 'B' },
      targeting: [{ query: `age ${operator} 5`, variation: 'a' }],
      defaultRule: { variation: 'b' },
    };
    const { report } = importGoff(JSON.stringify({ f: flag }), prod);
    expect(report).toContainEqual(
      expect.objectContaining({ what: 'f', reason: expect.stringContaining('cuts the fraction off') }),
    );
  },
);

test('YAML of more tokens than a definition may have is read, and its keys are texts whatever they look like', () => {
  const flag = `
  variations: { Default: false, False: false, True: true, 10: true }
  targeting:
    - query: targetingKey sw "beta-"
      percentage: { False: 80, True: 10, 10: 10 }
  defaultRule: { variation: Default }
`;
  const ignored = Array.from({ length: limits.tokens / 4 }, (_, index) => `    note-${index}: x\n`).join('');
  const imported = importGoff(`new-banner:${flag}  metadata:\n${ignored}`, prod);
  expect(flagIn(imported, 'new-banner').environments?.prod?.rules?.[0]?.then).toEqual({
    rollout: {
      variations: [
        { key: 'true', weight: 10 },
        { key: 'false', weight: 80 },
        { key: '10', weight: 10 },
      ],
    },
  });
});
