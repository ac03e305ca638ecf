// What is odd but clear, and accepted.
import { describe, expect, test } from 'vitest';
import { flag, flagIf, load, PROJECT, type Texts } from './support/project.ts';

const noAttributes = { 'project.yaml': PROJECT.slice(0, PROJECT.indexOf('attributes')) };
const accepted: [string, Texts][] = [
  ['an environment that is {}', { 'f.yaml': flag('f').replace('serve: on', '{}') }],
  [
    'no environment at all',
    { 'f.yaml': 'flag: f\nowner: o\ndescription: d\npermanent: true\ntype: boolean\nenvironments: {}\n' },
  ],
  ['one variation', { 'f.yaml': flag('f', 'serve: on', 'variations: { on: true }\n') }],
  [
    'variations with the same value',
    { 'f.yaml': flag('f', 'serve: a', 'variations: { a: true, b: true }\n') },
  ],
  [
    'a rollout that repeats a variation and weighs 0',
    {
      'f.yaml': flag(
        'f',
        'rollout: { variations: [{ key: on, weight: 60 }, { key: off, weight: 0 }, { key: on, weight: 40 }] }',
      ),
    },
  ],
  [
    'weights with decimals that floating point cannot add',
    {
      'f.yaml': flag(
        'f',
        `rollout: { variations: [${[1.1, 2.2, 96.7].map((w) => `{ key: on, weight: ${w} }`).join(', ')}] }`,
      ),
    },
  ],
  [
    'percent 0, and 100',
    {
      'f.yaml': flag(
        'f',
        'rules:\n  - { name: a, then: { serve: on, percent: 0 } }\nserve: on\npercent: 100',
      ),
    },
  ],
  [
    'values of mixed types, repeated',
    {
      ...noAttributes,
      'f.yaml': flagIf('f', '{ attribute: plan, operator: in, value: [pro, 1, true, pro] }'),
    },
  ],
  [
    'parts of an `and` that a value fulfils together, or a list does',
    {
      'f.yaml': flagIf(
        'f',
        `{ and: [${[
          '{ attribute: age, operator: gte, value: 5 }',
          '{ attribute: age, operator: lte, value: 5 }',
          '{ attribute: age, operator: lt, value: [1, 1e300] }',
          '{ attribute: age, operator: neq, value: 6 }',
          '{ attribute: country, operator: in, value: [US, CA] }',
          '{ attribute: country, operator: neq, value: US }',
          '{ attribute: country, operator: eq, value: ca, ignore_case: true }',
          '{ attribute: roles, operator: eq, value: admin }',
          '{ attribute: roles, operator: eq, value: editor }',
          '{ attribute: signedUpAt, operator: after, value: 0 }',
          '{ attribute: signedUpAt, operator: before, value: 1970-01-01T00:00:00.001Z }',
          '{ not: { and: [{ attribute: beta, operator: eq, value: true }, { attribute: beta, operator: exists }] } }',
        ].join(', ')}] }`,
      ),
    },
  ],
  [
    'and and or of one',
    { 'f.yaml': flagIf('f', '{ and: [{ or: [{ attribute: beta, operator: exists }] }] }') },
  ],
  [
    '16 levels of not',
    {
      'f.yaml': flagIf('f', `${'{ not: '.repeat(16)}{ attribute: beta, operator: exists }${' }'.repeat(16)}`),
    },
  ],
  [
    'ignore_case on a number',
    { 'f.yaml': flagIf('f', '{ attribute: age, operator: gt, value: 5, ignore_case: true }') },
  ],
  [
    'exists of every type',
    {
      'f.yaml': flagIf(
        'f',
        '{ and: [{ attribute: appVersion, operator: exists }, { attribute: roles, operator: exists, value: false }] }',
      ),
    },
  ],
  [
    'any attribute where none is declared',
    { ...noAttributes, 'f.yaml': flagIf('f', '{ attribute: "a b.c", operator: gt, value: 5 }') },
  ],
  [
    'targetingKey, undeclared',
    { 'f.yaml': flagIf('f', '{ attribute: targetingKey, operator: starts_with, value: test- }') },
  ],
  ['units that are integers', { 'f.yaml': flag('f', 'targets: { on: [1, -2, "x"], off: [] }') }],
  [
    'null inside a JSON variation',
    {
      'f.yaml': flag('f', 'serve: a', 'variations: { a: { x: null, y: [1, null] } }\n').replace(
        'boolean',
        'json',
      ),
    },
  ],
  [
    'an empty text as a value and as a variation',
    { 'f.yaml': flag('f', 'serve: a', 'variations: { a: "" }\n').replace('boolean', 'string') },
  ],
  ['a segment with nothing in it', { 'f.yaml': flagIf('f', '{ segment: s }'), 's.yaml': 'segment: s\n' }],
  [
    'a draft that tries a variation against itself',
    {
      'f.yaml': flag('f'),
      'e.yaml':
        'experiment: e\nflag: f\nstatus: draft\nenvironments: [prod]\ntraffic: 0\narms: [{ variation: on, weight: 50 }, { variation: on, weight: 50 }]\n',
    },
  ],
  [
    'a draft that no rule uses',
    {
      'f.yaml': flag('f'),
      'e.yaml':
        'experiment: e\nflag: f\nstatus: draft\nenvironments: [prod]\ntraffic: 5\narms: [{ variation: on, weight: 100 }]\n',
    },
  ],
  [
    'a rule of an experiment that does not run there',
    {
      'f.yaml': flag('f', 'experiment: e'),
      'e.yaml':
        'experiment: e\nflag: f\nstatus: stopped\nenvironments: [dev]\ntraffic: 5\narms: [{ variation: on, weight: 100 }]\n',
    },
  ],
  [
    'one key for a flag, a segment, an experiment and a metric',
    {
      'a/x.yaml': flagIf('x', '{ segment: x }'),
      'b/x.yaml': 'segment: x\n',
      'c/x.yaml': 'metric: x\ntype: count\ndirection: decrease\nevent: e\n',
    },
  ],
  [
    'JSON',
    {
      'f.yaml':
        '{"flag":"f","owner":"o","description":"d","permanent":true,"type":"boolean","environments":{"prod":{"serve":"on"}}}',
    },
  ],
  [
    '64 levels of YAML',
    {
      'f.yaml': flag('f', 'serve: a', `variations: { a: ${'['.repeat(62)}${']'.repeat(62)} }\n`).replace(
        'boolean',
        'json',
      ),
    },
  ],
];

describe('accepted without a word', () => {
  test.each(accepted)('%s', (_, files) => {
    expect(load(files).problems).toEqual([]);
  });
});
