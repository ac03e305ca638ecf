// Ramps and windows of rules that are none.
import type { Case } from './case.ts';
import { flag } from './project.ts';

const FIRST = '{ at: 2099-12-01T09:00:00Z, percent: 5 }';

/** A flag whose fallthrough has these lines after `serve: on`, from line 9 on. */
const everyone = (lines: string) => ({ 'f.yaml': flag('f', `serve: on\n${lines}`) });
/** A flag whose one rule has these keys, on line 9 from column 18 on. */
const rule = (keys: string) => ({ 'f.yaml': flag('f', `rules:\n  - { name: r, ${keys} }`) });

export const scheduleCases: Case[] = [
  {
    title: 'percent and ramp',
    files: everyone(`percent: 5\nramp: [${FIRST}]`),
    problems: ['conflicting-keys f.yaml:10:5 ramp:'],
  },
  {
    title: 'percent and ramp in a rule',
    files: rule(`then: { serve: on, ramp: [${FIRST}], percent: 5 }`),
    problems: ['conflicting-keys f.yaml:9:89 percent:'],
  },
  {
    title: 'a ramp without serve',
    files: { 'f.yaml': flag('f', `ramp: [${FIRST}]`) },
    problems: ['missing-key f.yaml:8:5 ramp:'],
  },
  {
    title: 'a ramp without serve in a rule',
    files: rule(`then: { ramp: [${FIRST}] }`),
    problems: ['missing-key f.yaml:9:26 {'],
  },
  {
    title: 'a ramp beside a rollout',
    files: rule(`then: { rollout: { variations: [{ key: on, weight: 100 }] }, ramp: [${FIRST}] }`),
    problems: ['conflicting-keys f.yaml:9:28 rollout:'],
  },
  {
    title: 'linear without a ramp',
    files: {
      'f.yaml': flag('f', 'rules: [{ name: r, then: { serve: on, linear: true } }]\nserve: on\nlinear: true'),
    },
    problems: ['missing-key f.yaml:8:43 linear:', 'missing-key f.yaml:10:5 linear:'],
  },
  {
    title: 'linear: false',
    files: everyone(`ramp: [${FIRST}]\nlinear: false`),
    problems: ['wrong-value f.yaml:10:13 false'],
  },
  { title: 'a ramp without steps', files: everyone('ramp: []'), problems: ['wrong-value f.yaml:9:11 ['] },
  { title: 'a ramp that is a number', files: everyone('ramp: 10'), problems: ['wrong-type f.yaml:9:11 10'] },
  {
    title: 'a step without its share, one without its instant, one with more',
    files: everyone(
      'ramp:\n  - at: 2099-12-01T09:00:00Z\n  - percent: 5\n  - { at: 2099-12-02T09:00:00Z, percent: 5, serve: on }',
    ),
    problems: [
      'missing-key f.yaml:10:9 at:',
      'missing-key f.yaml:11:9 percent:',
      'unknown-key f.yaml:12:49 serve:',
    ],
  },
  {
    title: 'a share over 100, and one of three decimals',
    files: {
      'f.yaml': flag(
        'f',
        `rules:\n  - { name: r, then: { serve: on, ramp: [{ at: 2099-12-01T09:00:00Z, percent: 0.001 }] } }\nserve: on\nramp: [{ at: 2099-12-01T09:00:00Z, percent: 101 }]`,
      ),
    },
    problems: ['too-many-decimals f.yaml:9:83 0.001', 'wrong-value f.yaml:11:49 101'],
  },
  {
    title: 'epoch milliseconds',
    files: everyone('ramp: [{ at: 4100000000000, percent: 5 }]'),
    problems: ['wrong-type f.yaml:9:18 4100000000000'],
  },
  {
    title: 'a day without its time',
    files: everyone('ramp: [{ at: 2099-12-01, percent: 5 }]'),
    problems: ['invalid-instant f.yaml:9:18 2099-12-01'],
  },
  {
    title: 'a window of days',
    files: rule('from: 2099-12-24, until: 2100-01-02, then: { serve: on }'),
    problems: ['invalid-instant f.yaml:9:26 2099-12-24', 'invalid-instant f.yaml:9:45 2100-01-02'],
  },
  {
    title: 'steps that go back, and two at one instant',
    files: everyone(
      `ramp:\n  - ${FIRST}\n  - { at: 2099-12-01T08:59:59.9999Z, percent: 6 }\n  - { at: 2099-12-01T09:59:59.999900+01:00, percent: 7 }`,
    ),
    problems: [
      'steps-not-ascending f.yaml:11:15 2099-12-01T08:59:59.',
      'steps-not-ascending f.yaml:12:15 2099-12-01T09:59:59.',
    ],
  },
  {
    title: 'a window that ends before it begins',
    files: rule('until: 2099-12-24T00:00:00Z, from: 2100-01-02T00:00:00Z, then: { serve: on }'),
    problems: ['window-backwards f.yaml:9:27 2099-12-24T00:00:00Z'],
  },
  {
    title: 'a window that ends when it begins',
    files: rule('from: 2099-12-24T00:00:00Z, until: 2099-12-24T01:00:00+01:00, then: { serve: on }'),
    problems: ['window-backwards f.yaml:9:55 2099-12-24T01:00:00+'],
  },
  {
    title: 'windows are of rules, not of environments',
    files: everyone('from: 2099-12-24T00:00:00Z'),
    problems: ['unknown-key f.yaml:9:5 from:'],
  },
];
