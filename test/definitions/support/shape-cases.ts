// YAML that does not have the shape of a definition.
import type { Case } from './case.ts';
import { flag } from './project.ts';
import { experiment, test, usedBy } from './writers.ts';

export const shapeCases: Case[] = [
  { title: 'an empty file', files: { 'a.yaml': '# nothing\n' }, problems: ['not-a-definition a.yaml:1:1 #'] },
  { title: 'a list', files: { 'a.yaml': '- flag: a\n' }, problems: ['not-a-definition a.yaml:1:1 -'] },
  {
    title: 'a first key that is no kind',
    files: { 'a.yaml': 'description: x\n' },
    problems: ['not-a-definition a.yaml:1:1 description:'],
  },
  {
    title: 'a kind that is not first',
    files: { 'f.yaml': `owner: x\n${flag('f').replace('owner: tests\n', '')}` },
    problems: ['not-a-definition f.yaml:1:1 owner:'],
  },
  {
    title: 'an unknown key',
    files: { 'f.yaml': `${flag('f')}ownr: x\n` },
    problems: ['unknown-key f.yaml:9:1 ownr:'],
  },
  {
    title: 'an unknown key, deep',
    files: { 'f.yaml': flag('f', 'serv: on') },
    problems: ['unknown-key f.yaml:8:5 serv:'],
  },
  {
    title: 'a missing key',
    files: { 'f.yaml': 'flag: f\nowner: o\ndescription: d\npermanent: true\nenvironments: {}\n' },
    problems: ['missing-key f.yaml:1:1 flag:'],
  },
  {
    title: 'neither expires nor permanent',
    files: { 'f.yaml': flag('f').replace('permanent: true\n', '') },
    problems: ['missing-key f.yaml:1:1 flag:'],
  },
  {
    title: 'expires and permanent',
    files: { 'f.yaml': flag('f', undefined, 'expires: 2035-01-01\n') },
    problems: ['conflicting-keys f.yaml:4:1 permanent:'],
  },
  {
    title: 'permanent: false',
    files: { 'f.yaml': flag('f').replace('permanent: true', 'permanent: false') },
    problems: ['wrong-value f.yaml:4:12 false'],
  },
  {
    title: 'no variations of a string flag',
    files: { 'f.yaml': flag('f').replace('type: boolean', 'type: string') },
    problems: ['missing-key f.yaml:5:7 string'],
  },
  {
    title: 'serve and rollout',
    files: { 'f.yaml': flag('f', 'serve: on\nrollout: { variations: [{ key: on, weight: 100 }] }') },
    problems: ['conflicting-keys f.yaml:9:5 rollout:'],
  },
  {
    title: 'serve and experiment in one outcome',
    files: { 'f.yaml': flag('f', 'rules:\n  - name: r\n    then: { serve: on, experiment: e }') },
    problems: ['conflicting-keys f.yaml:10:28 experiment:'],
  },
  {
    title: 'percent without serve',
    files: { 'f.yaml': flag('f', 'percent: 5') },
    problems: ['missing-key f.yaml:8:5 percent:'],
  },
  {
    title: 'percent beside rollout',
    files: {
      'f.yaml': flag(
        'f',
        'rules:\n  - name: r\n    then: { percent: 5, rollout: { variations: [{ key: on, weight: 100 }] } }',
      ),
    },
    problems: ['conflicting-keys f.yaml:10:29 rollout:'],
  },
  {
    title: 'and beside or',
    files: test('{ and: [{ segment: s }], or: [{ segment: s }] }'),
    problems: ['conflicting-keys f.yaml:10:38 or:'],
  },
  {
    title: 'a misspelt branch',
    files: test('{ segmnt: s }'),
    problems: ['unknown-key f.yaml:10:15 segmnt:'],
  },
  { title: 'an empty condition', files: test('{}'), problems: ['missing-key f.yaml:10:13 {'] },
  { title: 'a condition that is a text', files: test('staff'), problems: ['wrong-type f.yaml:10:13 staff'] },
  { title: 'an empty and', files: test('{ and: [] }'), problems: ['wrong-value f.yaml:10:20 ['] },
  {
    title: 'no operator',
    files: test('{ attribute: plan, value: pro }'),
    problems: ['missing-key f.yaml:10:13 {'],
  },
  {
    title: 'an unknown operator',
    files: test('{ attribute: plan, operator: equals, value: pro }'),
    problems: ['wrong-value f.yaml:10:42 equals'],
  },
  {
    title: 'null as a value',
    files: test('{ attribute: plan, operator: eq, value: null }'),
    problems: ['wrong-type f.yaml:10:53 null'],
  },
  {
    title: 'null in a list of values',
    files: test('{ attribute: plan, operator: in, value: [pro, ~] }'),
    problems: ['wrong-type f.yaml:10:59 ~'],
  },
  {
    title: 'an empty list of values',
    files: test('{ attribute: plan, operator: in, value: [] }'),
    problems: ['wrong-value f.yaml:10:53 ['],
  },
  {
    title: 'a salt that YAML reads as a number',
    files: { 'project.yaml': 'project: a/b\nenvironments:\n  prod: { salt: 910e44 }\n' },
    problems: ['wrong-type project.yaml:3:17 910e44'],
  },
  {
    title: 'a flag type that does not exist',
    files: { 'f.yaml': flag('f').replace('type: boolean', 'type: bool') },
    problems: ['wrong-value f.yaml:5:7 bool'],
  },
  {
    title: 'a percentage over 100',
    files: { 'f.yaml': flag('f', 'serve: on\npercent: 101') },
    problems: ['wrong-value f.yaml:9:14 101'],
  },
  { title: 'a key in capitals', files: { 'F.yaml': flag('F') }, problems: ['invalid-key F.yaml:1:7 F'] },
  {
    title: 'an environment in capitals',
    files: { 'f.yaml': flag('f').replace('prod:', 'Prod:') },
    problems: ['invalid-key f.yaml:7:3 Prod:'],
  },
  {
    title: 'a key that ends in .test',
    files: { 'a/f.test.yaml': '', 'f.yaml': flag('f.test') },
    problems: ['invalid-key f.yaml:1:7 f.test'],
  },
  {
    title: 'null as a variation',
    files: { 'f.yaml': flag('f', 'serve: on', 'variations: { on: null }\n') },
    problems: ['wrong-type f.yaml:6:19 null'],
  },
  {
    title: 'a unit that no context can have',
    files: { 'f.yaml': flag('f', 'targets: { on: [1e300] }') },
    problems: ['wrong-value f.yaml:8:21 1e300'],
  },
  {
    title: 'traffic beside a slot',
    files: {
      'e.yaml': experiment('e', 'traffic: 5\nlayer: l\nslot: { from: 0, to: 5 }'),
      'f.yaml': usedBy('e'),
    },
    problems: ['conflicting-keys e.yaml:8:1 slot:'],
  },
  {
    title: 'neither traffic nor slot',
    files: { 'e.yaml': experiment('e', ''), 'f.yaml': usedBy('e') },
    problems: ['missing-key e.yaml:1:1 experiment:'],
  },
  {
    title: 'a slot without a layer',
    files: { 'e.yaml': experiment('e', 'slot: { from: 0, to: 5 }'), 'f.yaml': usedBy('e') },
    problems: ['missing-key e.yaml:6:1 slot:'],
  },
  {
    title: 'an environment twice',
    files: {
      'e.yaml': experiment('e', 'traffic: 5').replace('[prod]', '[prod, prod]'),
      'f.yaml': usedBy('e'),
    },
    problems: ['wrong-value e.yaml:4:22 prod'],
  },
  {
    title: 'an environment that is no text, said once',
    files: {
      'e.yaml': experiment('e', 'traffic: 5').replace('[prod]', '[prod, 7]'),
      'f.yaml': usedBy('e'),
    },
    problems: ['wrong-type e.yaml:4:22 7'],
  },
  {
    title: 'a ratio without its events',
    files: { 'm.yaml': 'metric: m\ntype: ratio\ndirection: increase\nevent: e\n' },
    problems: [
      'missing-key m.yaml:1:1 metric:',
      'missing-key m.yaml:1:1 metric:',
      'conflicting-keys m.yaml:4:1 event:',
    ],
  },
  {
    title: 'a mean without its event',
    files: { 'm.yaml': 'metric: m\ntype: mean\ndirection: increase\n' },
    problems: ['missing-key m.yaml:1:1 metric:'],
  },
  {
    title: 'a window in words',
    files: { 'm.yaml': 'metric: m\ntype: count\ndirection: increase\nevent: e\nwindow: 7 days\n' },
    problems: ['wrong-value m.yaml:5:9 7'],
  },
  {
    title: 'a sum of what only happens',
    files: { 'm.yaml': 'metric: m\ntype: binary\ndirection: increase\nevent: e\nvalue: v\n' },
    problems: ['conflicting-keys m.yaml:5:1 value:'],
  },
  {
    title: 'several problems at once',
    files: { 'f.yaml': flag('f', 'serve: 5\nrules: x\nfoo: 1') },
    problems: ['wrong-type f.yaml:8:12 5', 'wrong-type f.yaml:9:12 x', 'unknown-key f.yaml:10:5 foo:'],
  },
  {
    title: 'what is wrong beside an unknown key',
    files: {
      'g.yaml': flag(
        'f',
        'serve: onn\ntargets: { on: [a], off: [a] }\nrules:\n  - { name: r, if: { segment: s }, then: { serve: on } }',
        'ownr: x\nrequires: [{ flag: nowhere, variation: on }]\n',
      ),
    },
    problems: [
      'key-is-not-file-name g.yaml:1:7 f',
      'unknown-key g.yaml:6:1 ownr:',
      'unknown-flag g.yaml:7:20 nowhere',
      'unknown-variation g.yaml:10:12 onn',
      'target-twice g.yaml:11:31 a',
      'unknown-segment g.yaml:13:35 s',
    ],
  },
  {
    title: 'what is wrong after a broken rule, at its place',
    files: {
      'f.yaml': flag(
        'f',
        'rules:\n  - { name: a, then: on }\n  - { name: b, percent: 5, then: { serve: x } }\n  - { name: c, if: { and: [{ segmnt: s }] }, then: { serve: y } }\n  - { name: d, then: { serve: z, percent: 0.001 } }',
      ),
    },
    problems: [
      'wrong-type f.yaml:9:26 on',
      'unknown-key f.yaml:10:20 percent:',
      'unknown-variation f.yaml:10:47 x',
      'unknown-key f.yaml:11:34 segmnt:',
      'unknown-variation f.yaml:12:35 z',
      'too-many-decimals f.yaml:12:47 0.001',
    ],
  },
  {
    title: 'what is wrong beside a missing date of expiry',
    files: { 'f.yaml': flag('f', 'serve: x').replace('permanent: true\n', '') },
    problems: ['missing-key f.yaml:1:1 flag:', 'unknown-variation f.yaml:7:12 x'],
  },
  {
    title: 'a misspelt `value`, and not that there is none',
    files: test('{ attribute: plan, operator: eq, valeu: pro }'),
    problems: ['unknown-key f.yaml:10:46 valeu:'],
  },
  {
    title: 'misspelt variations, and not that there are none of these names',
    files: { 'f.yaml': flag('f', 'serve: yes', 'variation: { yes: true, no: false }\n') },
    problems: ['unknown-key f.yaml:6:1 variation:'],
  },
  {
    title: 'environments and attributes are judged by a project with a key too many',
    files: {
      'project.yaml':
        'project: a/b\nenvironments: { prod: { salt: "1", slat: 2 } }\nattributes: { a: { type: string } }\n',
      'f.yaml': flag('f', '{}').replace('prod', 'prdo'),
    },
    problems: ['unknown-environment f.yaml:7:3 prdo:', 'unknown-key project.yaml:2:36 slat:'],
  },
];
