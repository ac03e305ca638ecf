// The questions that GO Feature Flag's query engine was asked: queries, and contexts for each of them. Run, it prints them.
import type { JsonValue } from '../../../src/lib/json.ts';
import { aroundTexts, contextsFrom, pick, seeded } from '../support/contexts.ts';

const random = seeded(17);

function leaf(): string {
  return pick<() => string>(random, [
    () =>
      `email ${pick(random, ['ew', 'co', 'sw', 'eq', 'ne'])} "${pick(random, ['@acme.example', 'JO', 'jo@acme.example'])}"`,
    () =>
      `company.plan ${pick(random, ['eq', '==', 'ne', '!=', 'co'])} "${pick(random, ['team', 'PRO', ''])}"`,
    () => `country ${pick(random, ['in', 'IN'])} ["DE", "fr"]`,
    () =>
      `age ${pick(random, ['gt', 'ge', 'lt', 'le', '>', '<=', 'eq', 'ne'])} ${pick(random, ['18', '0', '-5'])}`,
    () =>
      `score ${pick(random, ['gt', 'ge', 'lt', 'le', 'eq', 'ne'])} ${pick(random, ['1.5', '0.0', '-2.25'])}`,
    () => `age in [18, 20, 65]`,
    () => `beta ${pick(random, ['eq', 'ne'])} ${pick(random, ['true', 'false'])}`,
    () => `anonymous ${pick(random, ['eq', 'ne'])} ${pick(random, ['true', 'false'])}`,
    () => `country ${pick(random, ['eq', 'ne'])} null`,
    () => `${pick(random, ['email', 'beta', 'company.plan'])} pr`,
    () =>
      `version ${pick(random, ['eq', 'ne', 'gt', 'ge', 'lt', 'le'])} ${pick(random, ['2.3.1', '2.3.1-beta.1', '0.9.12'])}`,
    () =>
      `${pick(random, ['targetingKey', 'key'])} ${pick(random, ['eq', 'sw'])} "${pick(random, ['alice', 'GUEST-'])}"`,
  ])();
}

function query(depth: number): string {
  if (depth === 0 || random() < 0.2) return leaf();
  const form = pick(random, ['not', 'flat', 'and', 'or']);
  if (form === 'not') return `not (${query(depth - 1)})`;
  // `and` and `or` side by side, which bind alike.
  if (form === 'flat')
    return `${leaf()} ${pick(random, ['and', 'or'])} ${leaf()} ${pick(random, ['and', 'or'])} ${leaf()}`;
  return `(${query(depth - 1)}) ${form} (${query(depth - 1)})`;
}

export const queries = [...new Set(Array.from({ length: 80 }, (_, index) => query(index % 3)))];

/** `company` is always there: where it is not, the engine compares what its query compared before, which is told as a change. */
export const contexts: { [attribute: string]: JsonValue }[] = contextsFrom(
  {
    targetingKey: ['alice', 'ALICE', 'guest-1', 'bob'],
    email: aroundTexts('jo@acme.example'),
    company: [{ plan: 'team' }, { plan: 'Team' }, { plan: 'pro' }, { plan: '' }, {}],
    country: ['DE', 'de', 'fr', 'FR', ''],
    age: [18, 19, 17, 0, -5, -6, 20, 65],
    score: [1.5, 1.25, 2, 0, -2.25, -3],
    beta: [true, false],
    anonymous: [true, false],
    version: [
      '2.3.1',
      '2.3.0',
      '2.4.0',
      '2.3.1-beta.1',
      '2.3.1-beta.2',
      '0.9.12',
      '2.3.1+build.7',
      'nonsense',
      '1.2.3.4',
      '',
    ],
  },
  500,
  23,
).map((context) => ({ company: {}, ...context }));

if (import.meta.main) process.stdout.write(JSON.stringify({ queries, contexts }));
