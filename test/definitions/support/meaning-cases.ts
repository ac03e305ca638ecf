// Definitions that contradict themselves or each other.
import type { Case } from './case.ts';
import { flag } from './project.ts';
import { experiment, metric, running, segment, test, usedBy, uses } from './writers.ts';

export const meaningCases: Case[] = [
  {
    title: 'a key that is not the file name',
    files: { 'g.yaml': flag('f') },
    problems: ['key-is-not-file-name g.yaml:1:7 f'],
  },
  {
    title: 'a flag named project',
    files: { 'project-flag.yaml': flag('project') },
    problems: ['reserved-name project-flag.yaml:1:7 project'],
  },
  {
    title: 'two files of one key',
    files: { 'a/f.yaml': flag('f'), 'b/f.yaml': flag('f') },
    problems: ['duplicate-definition b/f.yaml:1:7 f'],
  },
  {
    title: 'a variation of another type',
    files: { 'f.yaml': flag('f', 'serve: on', 'variations: { on: true, off: 0 }\n') },
    problems: ['value-not-of-type f.yaml:6:30 0'],
  },
  {
    title: 'an attribute value of another type',
    files: {
      'project.yaml':
        'project: a/b\nenvironments: { prod: { salt: "1" } }\nattributes:\n  v: { type: semver, values: [x] }\n',
    },
    problems: ['value-not-of-type project.yaml:4:31 x'],
  },
  {
    title: 'targetingKey as a number',
    files: {
      'project.yaml':
        'project: a/b\nenvironments: { prod: { salt: "1" } }\nattributes:\n  targetingKey: { type: number }\n',
    },
    problems: ['value-not-of-type project.yaml:4:17 {'],
  },
  {
    title: 'an unknown variation, everywhere',
    files: {
      'f.yaml': flag(
        'f',
        'targets: { onn: [a] }\nrules:\n  - { name: a, if: { attribute: beta, operator: eq, value: true }, then: { serve: oof } }\n  - { name: b, then: { rollout: { variations: [{ key: x, weight: 100 }] } } }\nserve: no',
        'off: of\n',
      ),
    },
    problems: [
      'unknown-variation f.yaml:6:6 of',
      'unknown-variation f.yaml:9:16 onn:',
      'unknown-variation f.yaml:11:87 oof',
      'unknown-variation f.yaml:12:59 x',
      'unknown-variation f.yaml:13:12 no',
    ],
  },
  {
    title: 'an unknown segment',
    files: test('{ segment: stuff }'),
    problems: ['unknown-segment f.yaml:10:24 stuff'],
  },
  {
    title: 'an unknown required flag',
    files: { 'f.yaml': flag('f', 'serve: on', 'requires: [{ flag: g, variation: on }]\n') },
    problems: ['unknown-flag f.yaml:6:20 g'],
  },
  {
    title: 'an unknown required variation',
    files: {
      'g.yaml': flag('g'),
      'f.yaml': flag('f', 'serve: on', 'requires: [{ flag: g, variation: x }]\n'),
    },
    problems: ['unknown-variation f.yaml:6:34 x'],
  },
  {
    title: 'an unknown flag of an experiment',
    files: { 'e.yaml': experiment('e', 'traffic: 5') },
    problems: ['unknown-flag e.yaml:2:7 f'],
  },
  {
    title: 'an unknown experiment',
    files: { 'f.yaml': usedBy('e') },
    problems: ['unknown-experiment f.yaml:9:40 e'],
  },
  {
    title: 'an unknown metric',
    files: {
      'f.yaml': usedBy('e'),
      'e.yaml': experiment('e', 'traffic: 5\nmetrics: { primary: p, guardrails: [g] }'),
    },
    problems: ['unknown-metric e.yaml:7:21 p', 'unknown-metric e.yaml:7:37 g'],
  },
  {
    title: 'an unknown environment',
    files: { 'f.yaml': `${flag('f')}  prdo: {}\n` },
    problems: ['unknown-environment f.yaml:9:3 prdo:'],
  },
  {
    title: 'an unknown environment of an experiment',
    files: {
      'f.yaml': usedBy('e'),
      'e.yaml': experiment('e', 'traffic: 5').replace('[prod]', '[prod, production]'),
    },
    problems: ['unknown-environment e.yaml:4:22 production'],
  },
  {
    title: 'an undeclared attribute',
    files: test('{ attribute: contry, operator: eq, value: US }'),
    problems: ['unknown-attribute f.yaml:10:26 contry'],
  },
  {
    title: 'weights of 99.99',
    files: {
      'f.yaml': flag(
        'f',
        'rollout: { variations: [{ key: on, weight: 33.33 }, { key: off, weight: 66.66 }] }',
      ),
    },
    problems: ['weights-not-100 f.yaml:8:28 [{'],
  },
  {
    title: 'arms of 90',
    files: {
      'f.yaml': usedBy('e'),
      'e.yaml': experiment('e', 'arms: [{ variation: on, weight: 90 }]\ntraffic: 5'),
    },
    problems: ['weights-not-100 e.yaml:5:7 [{'],
  },
  {
    title: 'three decimals',
    files: { 'f.yaml': flag('f', 'serve: on\npercent: 0.125') },
    problems: ['too-many-decimals f.yaml:9:14 0.125'],
  },
  {
    title: 'three decimals of traffic',
    files: { 'f.yaml': usedBy('e'), 'e.yaml': experiment('e', 'traffic: 0.001') },
    problems: ['too-many-decimals e.yaml:6:10 0.001'],
  },
  {
    title: 'a target twice, once as a number',
    files: { 'f.yaml': flag('f', 'targets: { on: [7], off: ["7", 8] }') },
    problems: ['target-twice f.yaml:8:31 "7"'],
  },
  {
    title: 'a segment that refers to itself',
    files: { 'a.yaml': segment('a', 'if: { segment: a }') },
    problems: ['segment-cycle a.yaml:2:16 a'],
  },
  {
    title: 'segments in a circle',
    files: {
      'a.yaml': segment('a', 'if: { segment: b }'),
      'b.yaml': segment('b', 'if: { not: { segment: c } }'),
      'c.yaml': segment('c', 'if: { segment: a }'),
      'uses.yaml': uses('a'),
    },
    problems: ['segment-cycle a.yaml:2:16 b'],
  },
  {
    title: 'flags that require each other',
    files: {
      'f.yaml': flag('f', 'serve: on', 'requires: [{ flag: g, variation: on }]\n'),
      'g.yaml': flag('g', 'serve: on', 'requires: [{ flag: f, variation: on }]\n'),
    },
    problems: ['requirement-cycle f.yaml:6:20 g'],
  },
  {
    title: '17 levels of not',
    files: test(`${'{ not: '.repeat(17)}{ attribute: beta, operator: exists }${' }'.repeat(17)}`),
    problems: ['condition-too-deep f.yaml:10:125 {'],
  },
  {
    title: 'declared values that are not of their type',
    files: {
      'project.yaml':
        'project: a/b\nenvironments: { prod: { salt: "1" } }\nattributes:\n  at: { type: date, values: [2026-01-01T00:00:00Z, 0, soon] }\n  version: { type: semver, values: [4.2, "4.2"] }\n',
    },
    problems: ['value-not-of-type project.yaml:4:55 soon', 'value-not-of-type project.yaml:5:37 4.2'],
  },
  {
    title: 'segments that meet again, which is no circle, beside some that go in one',
    files: {
      'a.yaml': segment('a', 'if: { or: [{ segment: b }, { segment: c }] }'),
      'b.yaml': segment('b', 'if: { segment: d }'),
      'c.yaml': segment('c', 'if: { segment: d }'),
      'd.yaml': segment('d', 'include: [x]'),
      'e.yaml': segment('e', 'if: { or: [{ segment: a }, { segment: f }] }'),
      'f.yaml': segment('f', 'if: { segment: e }'),
    },
    problems: ['segment-cycle e.yaml:2:39 f'],
  },
  {
    title: 'an operator that does not fit',
    files: test('{ attribute: appVersion, operator: gte, value: 4 }'),
    problems: ['operator-does-not-fit f.yaml:10:48 gte'],
  },
  {
    title: 'an operator that does not fit, and not that its value does not either',
    files: test('{ not: { attribute: appVersion, operator: gte, value: "4.2.0" } }'),
    problems: ['operator-does-not-fit f.yaml:10:55 gte'],
  },
  {
    title: 'an operator that does not fit beside a value that does not',
    files: test(
      '{ or: [{ attribute: appVersion, operator: gte, value: 4 }, { attribute: appVersion, operator: semver_gte, value: "4.x" }] }',
    ),
    problems: ['operator-does-not-fit f.yaml:10:55 gte', 'invalid-semver f.yaml:10:126 "4.x"'],
  },
  {
    title: 'a semver operator on a string',
    files: test('{ attribute: country, operator: semver_eq, value: "1.0.0" }'),
    problems: ['operator-does-not-fit f.yaml:10:45 semver_eq'],
  },
  {
    title: 'no value',
    files: test('{ attribute: plan, operator: eq }'),
    problems: ['missing-value f.yaml:10:13 {'],
  },
  {
    title: 'a number that is a text',
    files: test('{ attribute: age, operator: gt, value: "5" }'),
    problems: ['invalid-value f.yaml:10:52 "5"'],
  },
  {
    title: 'a list for exists',
    files: test('{ attribute: age, operator: exists, value: [true] }'),
    problems: ['invalid-value f.yaml:10:56 [true'],
  },
  {
    title: 'a regular expression with lookahead',
    files: test("{ attribute: email, operator: matches, value: ['a', '(?=x)'] }"),
    problems: ["invalid-regex f.yaml:10:65 '(?=x)'"],
  },
  {
    title: 'a regular expression over 500 characters',
    files: test(`{ attribute: ip, operator: matches, value: "${'a'.repeat(501)}" }`),
    problems: ['regex-too-long f.yaml:10:56 "aaaaaaaaaaaaaaaaaaa'],
  },
  {
    title: 'a regular expression that unfolds',
    files: test('{ attribute: ip, operator: matches, value: "((a|b){30}){30}" }'),
    problems: ['regex-too-large f.yaml:10:56 "((a|b){30'],
  },
  {
    title: 'a thousand costly regular expressions',
    files: test(
      `{ attribute: ip, operator: matches, value: [${Array.from({ length: 300 }, (_, i) => `"a{${700 + i}}"`).join(', ')}] }`,
    ),
    problems: ['regexes-too-large f.yaml:10:2487 "a{943'],
  },
  {
    title: 'a version that YAML reads as a number',
    files: test('{ attribute: appVersion, operator: semver_gte, value: 4.10 }'),
    problems: ['invalid-semver f.yaml:10:67 4.10'],
  },
  {
    title: 'a date that is none',
    files: test('{ attribute: signedUpAt, operator: before, value: 2026-02-30T00:00:00Z }'),
    problems: ['invalid-date f.yaml:10:63 2026-02-30T00:00:00Z'],
  },
  {
    title: 'an expiry that is no day',
    files: { 'f.yaml': flag('f').replace('permanent: true', 'expires: 2027-02-29') },
    problems: ['invalid-date f.yaml:4:10 2027-02-29'],
  },
  {
    title: 'an expiry in another order',
    files: { 'f.yaml': flag('f').replace('permanent: true', 'expires: 31.03.2027') },
    problems: ['invalid-date f.yaml:4:10 31.03.2027'],
  },
  {
    title: 'an end that is no day',
    files: { 'f.yaml': usedBy('e'), 'e.yaml': experiment('e', 'traffic: 5\nend: 2026-13-01') },
    problems: ['invalid-date e.yaml:7:6 2026-13-01'],
  },
  {
    title: 'a block that is none',
    files: test('{ attribute: ip, operator: in_cidr, value: 10.0.0.0/33 }'),
    problems: ['invalid-cidr f.yaml:10:56 10.0.0.0/33'],
  },
  {
    title: 'an arm that is no variation',
    files: {
      'f.yaml': usedBy('e'),
      'e.yaml': experiment('e', 'arms: [{ variation: x, weight: 100 }]\ntraffic: 5'),
    },
    problems: ['arm-not-a-variation e.yaml:5:21 x'],
  },
  {
    title: 'an experiment of another flag',
    files: {
      'f.yaml': usedBy('e'),
      'g.yaml': usedBy('e').replace('flag: f', 'flag: g'),
      'e.yaml': experiment('e', 'traffic: 5'),
    },
    problems: ['experiment-of-another-flag g.yaml:9:40 e'],
  },
  {
    title: 'a running experiment that no rule uses',
    files: {
      'f.yaml': flag('f'),
      'e.yaml': running('e', 'traffic: 5', 'metrics: { primary: m }', 'analysis: { minimumEffect: 0.1 }'),
      'm.yaml': metric('type: binary', 'event: m'),
    },
    problems: ['experiment-not-used e.yaml:3:9 running'],
  },
  {
    title: 'a slot that ends before it starts',
    files: { 'f.yaml': usedBy('e'), 'e.yaml': experiment('e', 'layer: l\nslot: { from: 60, to: 50 }') },
    problems: ['slot-backwards e.yaml:7:7 {'],
  },
  {
    title: 'slots that overlap',
    files: {
      'f.yaml': usedBy('d', 'e'),
      'd.yaml': experiment('d', 'layer: l\nslot: { from: 0, to: 50.01 }'),
      'e.yaml': experiment('e', 'layer: l\nslot: { from: 50, to: 100 }'),
    },
    problems: ['slots-overlap e.yaml:7:7 {'],
  },
  {
    title: 'two units in one layer',
    files: {
      'f.yaml': usedBy('d', 'e'),
      'd.yaml': experiment('d', 'layer: l\nslot: { from: 0, to: 50 }'),
      'e.yaml': experiment('e', 'layer: l\nunit: email\nslot: { from: 50, to: 100 }'),
    },
    problems: ['layer-units-differ e.yaml:7:7 email'],
  },
];
