// What is worth a warning.
import type { Case } from './case.ts';
import { flag } from './project.ts';
import { segment, test } from './writers.ts';

export const habitCases: Case[] = [
  {
    title: 'a rule after everyone',
    files: {
      'f.yaml': flag(
        'f',
        'rules:\n  - { name: all, then: { serve: on } }\n  - { name: more, then: { serve: off } }',
      ),
    },
    problems: ['unreachable-rule f.yaml:10:9 {'],
  },
  {
    title: 'a rule after 100 percent',
    files: {
      'f.yaml': flag(
        'f',
        'rules:\n  - { name: all, then: { serve: on, percent: 100 } }\n  - { name: more, then: { serve: off } }',
      ),
    },
    problems: ['unreachable-rule f.yaml:10:9 {'],
  },
  ...Object.entries({
    'a rule after a linear ramp that has been at 100 percent for as long as it holds': [
      '{ name: a, then: { serve: on, ramp: [{ at: 2099-01-01T00:00:00Z, percent: 5 }, { at: 2099-02-01T00:00:00Z, percent: 100 }], linear: true } }',
      '{ name: b, from: 2099-02-01T01:00:00+01:00, then: { serve: off } }',
    ],
    'a rule after one that takes everyone at least as long': [
      '{ name: a, from: 2099-01-01T00:00:00Z, until: 2099-03-01T00:00:00Z, then: { serve: on } }',
      '{ name: b, from: 2099-01-01T00:00:00Z, until: 2099-02-01T00:00:00Z, then: { serve: off } }',
    ],
    'a rule after one that takes everyone for ever': [
      '{ name: a, then: { serve: on } }',
      '{ name: b, until: 2099-02-01T00:00:00Z, then: { serve: off } }',
    ],
  }).map(([title, [first = '', second = '']]) => ({
    title,
    files: { 'f.yaml': flag('f', `rules:\n  - ${first}\n  - ${second}`) },
    problems: ['unreachable-rule f.yaml:10:9 {'],
  })),
  {
    title: 'a linear ramp of one step',
    files: {
      'f.yaml': flag('f', 'serve: on\nramp: [{ at: 2099-01-01T00:00:00Z, percent: 5 }]\nlinear: true'),
    },
    problems: ['linear-without-effect f.yaml:10:5 linear:'],
  },
  {
    title: 'a rule after one with the same condition',
    files: {
      'f.yaml': flag(
        'f',
        'rules:\n  - { name: a, if: { segment: s }, then: { serve: on } }\n  - { name: b, if: { segment: s }, then: { serve: off } }',
      ),
      's.yaml': segment('s', 'include: [a]'),
    },
    problems: ['unreachable-rule f.yaml:10:9 {'],
  },
  {
    title: 'a value that does not occur',
    files: test('{ attribute: country, operator: in, value: [UK, FR] }'),
    problems: ['never-holds f.yaml:10:56 [UK'],
  },
  {
    title: 'some values that do not occur',
    files: test('{ attribute: country, operator: in, value: [US, UK, FR] }'),
    problems: ['value-not-declared f.yaml:10:61 UK', 'value-not-declared f.yaml:10:65 FR'],
  },
  {
    title: 'not equal to a value that does not occur',
    files: test('{ attribute: country, operator: neq, value: UK }'),
    problems: ['value-not-declared f.yaml:10:57 UK'],
  },
  {
    title: 'a text among numbers',
    files: test('{ attribute: age, operator: in, value: [18, "19"] }'),
    problems: ['value-not-declared f.yaml:10:57 "19"'],
  },
  {
    title: 'a negation of all that occurs',
    files: test('{ attribute: plan, operator: not_in, value: [free, pro] }'),
    problems: ['never-holds f.yaml:10:57 [free'],
  },
  {
    title: 'a text for a number',
    files: test('{ attribute: age, operator: eq, value: "18" }'),
    problems: ['never-holds f.yaml:10:52 "18"'],
  },
  {
    title: 'two variations of one flag that are both required',
    files: {
      'a.yaml': flag('a'),
      'f.yaml': flag(
        'f',
        'serve: on',
        'requires: [{ flag: a, variation: on }, { flag: a, variation: on }, { flag: a, variation: off }]\n',
      ),
    },
    problems: ['never-holds f.yaml:6:90 off'],
  },
  {
    title: 'two countries at once',
    files: test(
      '{ and: [{ attribute: country, operator: eq, value: US }, { attribute: country, operator: eq, value: CA }] }',
    ),
    problems: ['never-holds f.yaml:10:113 CA'],
  },
  ...Object.entries({
    'one country and not the same': [
      '{ and: [{ attribute: country, operator: eq, value: US }, { attribute: country, operator: not_in, value: [US, CA] }] }',
      'never-holds f.yaml:10:117 [US',
    ],
    'two countries at once, one of them in an inner `and`': [
      '{ and: [{ attribute: country, operator: eq, value: US }, { and: [{ attribute: country, operator: eq, value: CA }] }] }',
      'never-holds f.yaml:10:121 CA',
    ],
    'above five and below three': [
      '{ and: [{ attribute: age, operator: gt, value: 5 }, { attribute: age, operator: lt, value: 3 }] }',
      'never-holds f.yaml:10:104 3',
    ],
    'above five and below it': [
      '{ and: [{ attribute: age, operator: gte, value: 5 }, { attribute: age, operator: lt, value: [5, 4] }] }',
      'never-holds f.yaml:10:105 [5',
    ],
    'before and after one instant': [
      '{ and: [{ attribute: signedUpAt, operator: before, value: 2026-01-01T00:00:00Z }, { attribute: signedUpAt, operator: after, value: 2026-01-01T01:00:00+01:00 }] }',
      'never-holds f.yaml:10:144 2026-01-01T01:00:00+',
    ],
    'a value of what is absent': [
      '{ and: [{ attribute: email, operator: exists, value: false }, { attribute: email, operator: ends_with, value: a }] }',
      'never-holds f.yaml:10:123 a',
    ],
  }).map(([title, [condition = '', problem = '']]) => ({
    title,
    files: test(condition),
    problems: [problem],
  })),
  {
    title: 'a flag without owner and description',
    files: { 'f.yaml': 'flag: f\npermanent: true\ntype: boolean\nenvironments: {}\n' },
    problems: ['flag-without-description f.yaml:1:1 flag:', 'flag-without-owner f.yaml:1:1 flag:'],
  },
  {
    title: 'a rule without a name',
    files: { 'f.yaml': flag('f', 'rules:\n  - then: { serve: on }') },
    problems: ['rule-without-name f.yaml:9:9 then:'],
  },
  {
    title: 'a segment that nothing uses',
    files: { 's.yaml': segment('s', 'include: [a]') },
    problems: ['segment-not-used s.yaml:1:10 s'],
  },
  {
    title: 'a unit that is not declared',
    files: { 'f.yaml': flag('f', 'serve: on', 'unit: userId\n') },
    problems: ['unit-not-declared f.yaml:6:7 userId'],
  },
  {
    title: 'a unit that is a list',
    files: { 'f.yaml': flag('f', 'serve: on', 'unit: roles\n') },
    problems: ['unit-not-declared f.yaml:6:7 roles'],
  },
];
