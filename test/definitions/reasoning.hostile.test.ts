// Files made to keep reasoning busy: it gives up at a counted step, and what it found before stays true.
import { expect, test } from 'vitest';
import { flag, flagIf, load, type Texts } from './support/project.ts';

const all = (count: number, part: (i: number) => string) => `{ and: [${list(count, part)}] }`;
const any = (count: number, part: (i: number) => string) => `{ or: [${list(count, part)}] }`;
const is = (attribute: string, operator: string, value: string | number) =>
  `{ attribute: ${attribute}, operator: ${operator}, value: ${value} }`;
const list = (count: number, part: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => part(i)).join(', ');
const rules = (count: number, condition: (i: number) => string) =>
  `rules:\n${Array.from({ length: count }, (_, i) => `  - { name: r${i}, if: ${condition(i)}, then: { serve: on } }`).join('\n')}`;
const oneOf = (count: number, i: number) =>
  all(2, (j) => is(['age', 'ip'][j] ?? '', ['gt', 'contains'][j] ?? '', j === 0 ? i % count : `"${i}"`));

/** As many pigeons as holes, and one more. */
function pigeons(count: number): string {
  const sits = (pigeon: number, hole: number) => is('ip', 'contains', `"<${pigeon}.${hole}>"`);
  const each = Array.from({ length: count + 1 }, (_, pigeon) => any(count, (hole) => sits(pigeon, hole)));
  const pairs = Array.from({ length: count }, (_, hole) =>
    Array.from({ length: count }, (_, a) =>
      Array.from(
        { length: count - a },
        (_, b) => `{ not: { and: [${sits(a, hole)}, ${sits(a + b + 1, hole)}] } }`,
      ),
    ),
  );
  return `{ and: [${[...each, ...pairs.flat(2)].join(', ')}] }`;
}

/** Sixteen levels of `and` and `or` in turn. */
function deep(): string {
  let condition = is('age', 'gt', 5);
  for (let level = 0; level < 7; level++) {
    condition = `{ or: [${condition}, ${list(15, (i) => is('ip', 'contains', `"${level}${i}"`))}] }`;
    condition = `{ and: [${condition}, ${list(15, (i) => `{ not: ${is('age', 'lt', i)} }`)}] }`;
  }
  return condition;
}

const segment = (key: string, condition: string) => `segment: ${key}\nif: ${condition}\n`;

test.each<[string, Texts, string[]]>([
  [
    'a hundred rules of ways',
    {
      'f.yaml': flag(
        'f',
        rules(100, (rule) => any(3, (i) => oneOf(50, rule * 3 + i))),
      ),
    },
    ['unreachable-rule'],
  ],
  [
    'a hundred rules of negated ways',
    {
      'f.yaml': flag(
        'f',
        rules(
          100,
          (rule) => `{ not: ${all(3, (i) => any(2, (j) => is('age', 'gt', rule * 6 + i * 2 + j)))} }`,
        ),
      ),
    },
    [],
  ],
  ['pigeons and holes', { 'f.yaml': flagIf('f', pigeons(6)) }, []],
  ['sixteen levels', { 'f.yaml': flagIf('f', deep()) }, []],
  [
    'two long lists',
    {
      'f.yaml': flagIf(
        'f',
        all(2, (i) => is('ip', 'in', `[${list(4500, (j) => `"${i}-${j}"`)}]`)),
      ),
    },
    ['never-holds'],
  ],
  [
    'long lists of parts',
    {
      'f.yaml': flagIf(
        'f',
        `{ and: [${['contains', 'not_contains'].map((operator) => is('ip', operator, `[${list(4500, (i) => `"${i}"`)}]`)).join(', ')}] }`,
      ),
    },
    [],
  ],
  [
    'long texts',
    {
      'f.yaml': flagIf(
        'f',
        all(200, (i) => is('ip', i % 2 === 0 ? 'contains' : 'not_contains', `"${'a'.repeat(1000)}${i}"`)),
      ),
    },
    [],
  ],
  [
    'expressions over declared values',
    {
      'f.yaml': flagIf(
        'f',
        all(60, (i) => is('country', 'not_matches', `"(a|b|U){1,50}${i}"`)),
      ),
    },
    [],
  ],
  [
    'versions of many digits',
    {
      'f.yaml': flagIf(
        'f',
        all(800, (i) => is('appVersion', 'semver_gt', `"1.${i}.${'9'.repeat(90)}"`)),
      ),
    },
    [],
  ],
  [
    'many blocks',
    {
      'f.yaml': flagIf(
        'f',
        all(800, (i) => is('ip', 'not_in_cidr', `"10.${i % 250}.${i % 200}.0/24"`)),
      ),
    },
    [],
  ],
  [
    'many instants',
    {
      'f.yaml': flagIf(
        'f',
        all(800, (i) => is('signedUpAt', 'after', 1e12 + i)),
      ),
    },
    [],
  ],
  [
    'many times',
    {
      'f.yaml': flag(
        'f',
        `rules:\n${Array.from({ length: 300 }, (_, i) => `  - { name: r${i}, from: ${new Date(1e12 + i * 1e7).toISOString()}, if: ${is('age', 'gt', 300 - i)}, then: { serve: on } }`).join('\n')}`,
      ),
    },
    [],
  ],
  [
    'segments that double',
    {
      ...Object.fromEntries(
        Array.from({ length: 8 }, (_, i) => [
          `s${i}.yaml`,
          segment(
            `s${i}`,
            i === 0
              ? is('age', 'gt', 5)
              : `{ and: [{ segment: s${i - 1} }, { or: [{ segment: s${i - 1} }, ${is('age', 'lt', i)}] }] }`,
          ),
        ]),
      ),
      'f.yaml': flag(
        'f',
        rules(20, (i) => `{ and: [{ segment: s7 }, ${is('ip', 'eq', `"${i}"`)}] }`),
      ),
    },
    ['never-holds'],
  ],
])('%s', (_, files, codes) => {
  const { problems } = load(files);
  expect([...new Set(problems.map(({ code }) => code))]).toEqual(codes);
});
