// Real subjects before and after a change: who is counted, and what is said of them.
import { expect, test } from 'vitest';
import { countSubjects } from '../../../src/cli/plan/subjects.ts';
import { loadDefinitions } from '../../../src/definitions/load.ts';
import type { Definitions } from '../../../src/model/definition.ts';
import { planOf } from '../../../src/plan/plan-of.ts';

const NOW_MS = Date.UTC(2026, 0, 1);
const PEOPLE = [
  { line: 2, context: { targetingKey: 'ada', country: 'US' } },
  { line: 3, context: { targetingKey: 'bob', country: 'DE' } },
  { line: 7, context: { country: 'US' } },
];

function definitions(environments: string, files: Record<string, string> = {}): Definitions {
  const project = `project: a/b\nenvironments: ${environments}\nattributes: { country: { type: string } }\n`;
  const all = { 'project.yaml': project, ...files };
  const loaded = loadDefinitions(
    Object.entries(all).map(([path, text]) => ({ path, kind: 'file', content: Buffer.from(text) })),
  );
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.definitions;
}

const banner = (prod: string, sale = 'Sale'): Record<string, string> => ({
  'banner.yaml': `flag: banner
description: d
owner: o
permanent: true
type: string
variations: { none: "", sale: ${sale} }
off: none
environments: { prod: ${prod} }
`,
});

const US =
  '{ rules: [{ name: us, if: { attribute: country, operator: eq, value: US }, then: { serve: sale } }], serve: none }';
const PROD = '{ prod: { salt: "1" } }';

function counted(before: Definitions | undefined, after: Definitions) {
  const plan = planOf(before, after, { nowMs: NOW_MS, today: '2026-01-01' });
  return countSubjects(plan, PEOPLE, { before, after }, NOW_MS);
}

test.each<[string, Definitions | undefined, Definitions, object]>([
  [
    'those for whom a condition holds',
    definitions(PROD, banner('{ serve: none }')),
    definitions(PROD, banner(US)),
    { from: 'none', to: 'sale', count: 2, examples: [2, 7] },
  ],
  [
    'those whose variation has another value, though its name stays',
    definitions(PROD, banner(US)),
    definitions(PROD, banner(US, 'Sales')),
    { from: 'sale', to: 'sale', count: 2, examples: [2, 7] },
  ],
  [
    'everyone for a new flag',
    definitions(PROD),
    definitions(PROD, banner('{ serve: sale }')),
    { to: 'sale', count: 3, examples: [2, 3, 7] },
  ],
  [
    'everyone for a flag that is gone',
    definitions(PROD, banner('{ serve: sale }')),
    definitions(PROD),
    { from: 'sale', count: 3, examples: [2, 3, 7] },
  ],
  [
    'everyone where there was nothing',
    undefined,
    definitions(PROD, banner('{ serve: sale }')),
    { to: 'sale', count: 3, examples: [2, 3, 7] },
  ],
])('%s', (_, before, after, move) => {
  const { count } = move as { count: number };
  expect(counted(before, after)).toEqual({
    contexts: 3,
    changed: count,
    flags: [{ flag: 'banner', environment: 'prod', changed: count, moves: [move] }],
  });
});

test('an error is the app’s own default: another answer than `off`, and the same as no value', () => {
  const split = definitions(PROD, banner('{ serve: sale, percent: 0 }'));
  const { flags } = counted(definitions(PROD, banner('{ serve: none }')), split);
  expect(flags[0]?.moves).toEqual([
    { from: 'none', toError: 'TARGETING_KEY_MISSING', count: 1, examples: [7] },
  ]);
  const examples = counted(definitions(PROD), split).flags[0]?.moves.flatMap((move) => move.examples);
  expect(examples).toEqual([2, 3]);
});

test('one who changes in two environments is one subject, and an environment may be new', () => {
  const both = banner('{ serve: sale }, dev: { serve: sale }');
  const { changed, flags } = counted(
    definitions(PROD, banner('{ serve: none }')),
    definitions('{ dev: { salt: "2" }, prod: { salt: "1" } }', both),
  );
  expect(changed).toBe(3);
  expect(flags.map(({ environment, moves }) => [environment, moves[0]?.from, moves[0]?.count])).toEqual([
    ['dev', undefined, 3],
    ['prod', 'none', 3],
  ]);
});

test('a split without a unit is an error before and after, and no change', () => {
  const { flags } = counted(
    definitions(PROD, banner('{ serve: sale, percent: 10 }')),
    definitions(PROD, banner('{ serve: sale, percent: 100 }')),
  );
  expect(flags[0]?.moves.flatMap(({ examples }) => examples)).not.toContain(7);
});
