// Where changes of rows reach: what a rule must allow each by itself.
import { expect, test } from 'vitest';
import { touchesOf } from '../../src/access/touch.ts';
import { diffRows } from '../../src/changes/diff.ts';
import { rowId, type WantedRow } from '../../src/changes/row.ts';
import { wantedRows } from '../../src/changes/wanted.ts';
import { loadDefinitions } from '../../src/definitions/load.ts';
import { policyText } from '../definitions/support/access-cases.ts';
import { flag, PROJECT, sourceFiles, type Texts } from '../definitions/support/project.ts';

/** The rows of a folder. */
function rowsOf(texts: Texts): WantedRow[] {
  const loaded = loadDefinitions(sourceFiles({ 'project.yaml': PROJECT, ...texts }));
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return wantedRows(loaded.definitions);
}

/** `action kind key path environment` for each touch. */
function touches(before: Texts, after: Texts, environments = ['dev', 'prod']): string[] {
  const applied = new Map(rowsOf(before).map((row) => [rowId(row), row]));
  const found = touchesOf(diffRows(applied, rowsOf(after)), environments);
  return found.map(
    ({ action, kind, key, path, environment }) => `${action} ${kind} ${key} ${path} ${environment}`,
  );
}

const METRIC = 'metric: m\nevent: purchase\ntype: binary\ndirection: increase\n';
const segment = (country: string) =>
  `segment: s\nif: { attribute: country, operator: eq, value: ${country} }\n`;
/** With a metric, which no row has. */
const running = (environments: string, metric: string): Texts => ({
  'f.yaml': flag('f', 'experiment: e'),
  'm.yaml': METRIC,
  'n.yaml': METRIC.replace('metric: m', 'metric: n'),
  'e.yaml': `experiment: e
flag: f
hypothesis: h
status: running
environments: [${environments}]
traffic: 100
arms: [{ variation: on, weight: 50 }, { variation: off, weight: 50 }]
metrics: { primary: ${metric} }
`,
});
const { 'e.yaml': _, ...withoutExperiment }: Texts = { ...running('prod', 'm'), 'f.yaml': flag('f') };
const USES = 'rules:\n  - name: r\n    if: { segment: s }\n    then: { serve: on }';
const inDev = (text: string) => text.replace('  prod:', '  dev:');
const using = { 'a/f.yaml': flag('f', USES) };

test.each<[string, Texts, Texts, string[]]>([
  ['nothing', { 'f.yaml': flag('f') }, { 'f.yaml': `# A comment.\n${flag('f')}` }, []],
  [
    'a flag in one environment',
    { 'f.yaml': flag('f') },
    { 'f.yaml': flag('f', 'serve: off') },
    ['change flag f f.yaml prod'],
  ],
  [
    'a new flag, which is in all',
    {},
    { 'f.yaml': flag('f') },
    ['change flag f f.yaml dev', 'change flag f f.yaml prod'],
  ],
  [
    'a flag that is gone',
    { 'x/f.yaml': flag('f') },
    {},
    ['change flag f x/f.yaml dev', 'change flag f x/f.yaml prod'],
  ],
  [
    'words that no row of an environment has',
    { 'f.yaml': flag('f') },
    { 'f.yaml': `${flag('f')}tags: [x]\n` },
    ['change flag f f.yaml dev', 'change flag f f.yaml prod'],
  ],
  [
    'an experiment that enters an environment: its metrics are read where it ran before, too',
    running('prod', 'm'),
    running('dev, prod', 'n'),
    ['change experiment e e.yaml dev', 'change experiment e e.yaml prod'],
  ],
  [
    'a new experiment, and the flag that it is of',
    withoutExperiment,
    running('prod', 'm'),
    ['change experiment e e.yaml prod', 'change flag f f.yaml prod'],
  ],
  [
    'a move alone',
    { 'x/f.yaml': flag('f') },
    { 'y/f.yaml': flag('f') },
    [
      'change flag f x/f.yaml dev',
      'change flag f x/f.yaml prod',
      'change flag f y/f.yaml dev',
      'change flag f y/f.yaml prod',
    ],
  ],
  [
    'a move beside a change in one environment, which counts for all',
    { 'x/f.yaml': flag('f') },
    { 'y/f.yaml': flag('f', 'serve: off') },
    [
      'change flag f x/f.yaml dev',
      'change flag f x/f.yaml prod',
      'change flag f y/f.yaml dev',
      'change flag f y/f.yaml prod',
    ],
  ],
  [
    'a segment that one environment uses',
    { 's.yaml': segment('US'), ...using },
    { 's.yaml': segment('CA'), ...using },
    ['change segment s s.yaml prod'],
  ],
  [
    'a segment that two flags use in two environments',
    {
      's.yaml': segment('US'),
      ...using,
      'g.yaml': inDev(flag('g', USES)),
    },
    {
      's.yaml': segment('CA'),
      ...using,
      'g.yaml': inDev(flag('g', USES)),
    },
    ['change segment s s.yaml dev', 'change segment s s.yaml prod'],
  ],
  [
    'a segment that nothing uses',
    { 's.yaml': segment('US') },
    { 's.yaml': segment('CA') },
    ['change segment s s.yaml dev', 'change segment s s.yaml prod'],
  ],
  [
    'a segment that is newly referred to, which follows from the flag',
    { 's.yaml': segment('US'), 'a/f.yaml': flag('f') },
    { 's.yaml': segment('US'), ...using },
    ['change flag f a/f.yaml prod'],
  ],
  [
    'a segment that changes as it is newly referred to',
    { 's.yaml': segment('US'), 'a/f.yaml': flag('f') },
    { 's.yaml': segment('CA'), ...using },
    ['change flag f a/f.yaml prod', 'change segment s s.yaml prod'],
  ],
  [
    'a metric',
    { 'm.yaml': METRIC },
    { 'm.yaml': METRIC.replace('binary', 'count') },
    ['change metric m m.yaml dev', 'change metric m m.yaml prod'],
  ],
  [
    'a salt',
    {},
    { 'project.yaml': PROJECT.replace('5f0c1a', '5f0c1b') },
    ['change project acme/shop project.yaml dev'],
  ],
  [
    'an attribute',
    {},
    { 'project.yaml': PROJECT.replace('[US, CA, DE]', '[US, CA]') },
    ['change project acme/shop project.yaml dev', 'change project acme/shop project.yaml prod'],
  ],
  [
    'the access policy',
    { 'access.yaml': policyText() },
    { 'access.yaml': policyText({ more: 'signatures: recorded' }) },
    ['change-access access access access.yaml dev', 'change-access access access access.yaml prod'],
  ],
  [
    'the access policy, as it goes',
    { 'access.yaml': policyText() },
    {},
    ['change-access access access access.yaml dev', 'change-access access access access.yaml prod'],
  ],
  [
    'the access policy, as it comes',
    {},
    { 'access.yaml': policyText() },
    ['change-access access access access.yaml dev', 'change-access access access access.yaml prod'],
  ],
])('%s', (_, before, after, expected) => {
  expect(touches(before, after)).toEqual(expected);
});

test('an environment that comes or goes is touched through the project', () => {
  const three = {
    'project.yaml': PROJECT.replace('  prod:', '  qa: { salt: "0a" }\n  prod:'),
    'f.yaml': flag('f'),
  };
  const two = { 'f.yaml': flag('f') };
  const expected = ['change project acme/shop project.yaml qa'];
  expect(touches(two, three, ['dev', 'prod', 'qa'])).toEqual(expected);
  expect(touches(three, two, ['dev', 'prod', 'qa'])).toEqual(expected);
});

test('one key that becomes another kind of thing is touched as both', () => {
  expect(touches({ 's.yaml': segment('US') }, { 's.yaml': flag('s') })).toEqual([
    'change flag s s.yaml dev',
    'change segment s s.yaml dev',
    'change flag s s.yaml prod',
    'change segment s s.yaml prod',
  ]);
});
