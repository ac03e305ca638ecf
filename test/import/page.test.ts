// docs/migrating.md says what the importers do: the systems, the kinds of report items, what is carried over and what is not.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { systems } from '../../src/cli/import/systems.ts';
import { type Imported, reportKinds } from '../../src/import/imported.ts';

const page = await readFile(join(import.meta.dirname, '../../docs/migrating.md'), 'utf8');
const sections = new Map(
  page.split(/^## /m).map((section) => [section.slice(0, section.indexOf('\n')), section] as const),
);
const prod = { environments: ['prod'] };

function read(system: string, file: unknown): Imported {
  const found = systems.find(({ name }) => name === system);
  if (!found) throw new Error(`there is no system ${system}`);
  return found.read(JSON.stringify(file), prod);
}

/** What stands in backticks on the section's first line that matches. */
function listed(section: string, line: RegExp): string[] {
  const text = sections.get(section)?.match(line)?.[0] ?? '';
  return Array.from(text.matchAll(/`([^`]+)`/g), ([, name = '']) => name);
}

test('each system has a section, and each kind of report item a row', () => {
  const titles = {
    flagd: 'flagd',
    unleash: 'Unleash',
    growthbook: 'GrowthBook',
    featurevisor: 'Featurevisor',
    goff: 'GO Feature Flag',
  };
  for (const { name } of systems) expect([...sections.keys()]).toContain(titles[name as keyof typeof titles]);
  expect(
    Array.from((sections.get('The report') ?? '').matchAll(/^\| `([\w-]+)` \|/gm), ([, kind]) => kind),
  ).toEqual([...reportKinds]);
});

const isCarried = ({ definitions }: Imported) => definitions.some(({ kind }) => kind === 'flag');

const flagdExpressions: { [operator: string]: unknown } = {
  '!': { '!': { var: 'a' } },
  '!!': { '!!': { var: 'a' } },
  missing: { missing: ['a'] },
  var: { var: ['a', true] },
  in: { in: [{ var: 'a' }, ['x']] },
  starts_with: { starts_with: [{ var: 'a' }, 'x'] },
  ends_with: { ends_with: [{ var: 'a' }, 'x'] },
};

test('flagd: the operators of the table are carried over, those below it are not', () => {
  const flag = (condition: unknown) => ({
    flags: {
      f: {
        state: 'ENABLED',
        variants: { a: 'a', b: 'b' },
        defaultVariant: 'a',
        targeting: { if: [condition, 'a', 'b'] },
      },
    },
  });
  const carried = listed('flagd', /^\| `and` `or`.*$/m);
  expect(carried).toHaveLength(17);
  for (const operator of carried) {
    const plain = ['and', 'or'].includes(operator)
      ? { [operator]: [{ var: 'a' }, { var: 'b' }] }
      : { [operator]: [{ var: 'a' }, 5] };
    expect(isCarried(read('flagd', flag(flagdExpressions[operator] ?? plain))), operator).toBe(true);
  }
  for (const operator of listed('flagd', /^Left out.*$/m).filter((name) => !['or', '!'].includes(name)))
    expect(isCarried(read('flagd', flag({ '==': [{ [operator]: [{ var: 'a' }, 1] }, 1] }))), operator).toBe(
      false,
    );
});

test('GrowthBook: the operators of the table are carried over, those below it are not', () => {
  const feature = (condition: unknown) => ({
    features: { f: { defaultValue: 1, rules: [{ condition, force: 2 }] } },
    savedGroups: { g: ['x'] },
  });
  const operands: { [operator: string]: unknown } = {
    ...{
      $in: ['x'],
      $nin: ['x'],
      $ini: ['x'],
      $nini: ['x'],
      $all: ['x'],
      $alli: ['x'],
      $inGroup: 'g',
      $notInGroup: 'g',
    },
    ...{
      $regex: 'x',
      $regexi: 'x',
      $veq: '1.0.0',
      $vlte: '1.0.0',
      $elemMatch: { $eq: 'x' },
      $exists: true,
      $not: 'x',
    },
  };
  const carried = listed('GrowthBook', /^\| `\$eq`.*$/m);
  expect(carried.length).toBeGreaterThan(20);
  for (const operator of carried) {
    const isLogic = ['$and', '$or', '$nor'].includes(operator);
    const condition = isLogic ? { [operator]: [{ a: 'x' }] } : { a: { [operator]: operands[operator] ?? 5 } };
    expect(isCarried(read('growthbook', feature(condition))), operator).toBe(true);
  }
  for (const operator of ['$size', '$type']) {
    expect(sections.get('GrowthBook')).toContain(`Left out: \`$size\`, \`$type\``);
    expect(isCarried(read('growthbook', feature({ a: { [operator]: 'string' } }))), operator).toBe(false);
  }
});

test('GO Feature Flag: the operators of the table are carried over', () => {
  const carried = listed('GO Feature Flag', /^\| queries.*$/m).filter(
    (name) => !['and', 'or'].includes(name),
  );
  expect(carried).toEqual(['eq', 'ne', 'co', 'sw', 'ew', 'in', 'gt', 'ge', 'lt', 'le', 'pr', 'not (…)']);
  for (const operator of carried) {
    const value = operator === 'in' ? '["x"]' : /^[gl]/.test(operator) ? '5' : '"x"';
    const plain = operator === 'pr' ? 'a pr' : `a ${operator} ${value}`;
    const query = operator.startsWith('not') ? 'not (a pr)' : plain;
    const flag = {
      variations: { a: 1, b: 2 },
      targeting: [{ query, variation: 'b' }],
      defaultRule: { variation: 'a' },
    };
    expect(isCarried(read('goff', { f: flag })), operator).toBe(true);
  }
});

test('Unleash: the strategies of the table are carried over, those below it are not', () => {
  const feature = (name: string) => ({
    features: [
      { name: 'f', enabled: true, strategies: [{ name, parameters: { rollout: 5, percentage: 5 } }] },
    ],
  });
  const named = [
    ...listed('Unleash', /^\| `default`.*$/m),
    ...listed('Unleash', /^\| `flexibleRollout`.*$/m),
  ].filter((name) => !/percent|…/.test(name));
  expect(named).toEqual(['default', 'userWithId', 'remoteAddress', 'flexibleRollout']);
  for (const name of [...named, 'gradualRolloutUserId', 'gradualRolloutSessionId', 'gradualRolloutRandom'])
    expect(isCarried(read('unleash', feature(name))), name).toBe(true);
  for (const name of ['applicationHostname', 'custom'])
    expect(isCarried(read('unleash', feature(name))), name).toBe(false);
});
