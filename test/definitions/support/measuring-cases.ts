// Experiments and metrics that are well-formed, and from which nothing could be learned.
import type { Case } from './case.ts';
import { experiment, metric, running, usedBy } from './writers.ts';

const METRICS = 'metrics: { primary: m }';
const SIZE = 'analysis: { minimumEffect: 0.1 }';
const binary = metric('type: binary', 'event: m');

/** With a flag that uses the experiment, and its metric. */
const files = (text: string, ofMetric = binary) => ({
  'f.yaml': usedBy('e'),
  'e.yaml': text,
  'm.yaml': ofMetric,
});

const experiments: { [title: string]: [text: string, ...problems: string[]] } = {
  'a running experiment with all that it needs': [running('e', 'traffic: 5', METRICS, SIZE)],
  'a draft that has nothing yet': [experiment('e', 'traffic: 5')],
  'a stopped one that had nothing': [experiment('e', 'traffic: 5').replace('draft', 'stopped')],
  'a running experiment without a hypothesis': [
    running('e', 'traffic: 5', METRICS, SIZE).replace('It helps.', '" "'),
    'experiment-without-hypothesis e.yaml:3:9 running',
  ],
  'a running experiment without metrics': [
    running('e', 'traffic: 5'),
    'experiment-without-primary e.yaml:3:9 running',
  ],
  'a running experiment without minimum effect and end': [
    running('e', 'traffic: 5', METRICS),
    'experiment-without-size e.yaml:3:9 running',
  ],
  'a running experiment with an end': [running('e', 'traffic: 5', METRICS, 'end: 2099-01-01')],
  'planned looks without a minimum effect, which are due in steps of the time until the end': [
    running('e', 'traffic: 5', METRICS, 'end: 2099-01-01', 'analysis: { sequential: { looks: 5 } }'),
  ],
  'planned looks without a minimum effect and end': [
    running('e', 'traffic: 5', METRICS, 'analysis: { sequential: { looks: 5 } }'),
    'experiment-without-size e.yaml:3:9 running',
  ],
  'a running experiment whose power is not above alpha': [
    running('e', 'traffic: 5', METRICS, 'analysis: { minimumEffect: 0.1, alpha: 0.8 }'),
    'experiment-without-size e.yaml:8:11 {',
  ],
  'a running experiment whose baseline gets no unit': [
    running(
      'e',
      'traffic: 5',
      METRICS,
      SIZE,
      'arms: [{ variation: off, weight: 0 }, { variation: on, weight: 50 }, { variation: red, weight: 50 }]',
    ),
    'nothing-to-compare e.yaml:8:34 0',
    'arm-not-a-variation e.yaml:8:83 red',
  ],
  'a running experiment of one arm': [
    running('e', 'traffic: 5', METRICS, SIZE, 'arms: [{ variation: on, weight: 100 }]'),
    'nothing-to-compare e.yaml:8:7 [{',
  ],
  'a running experiment of one arm, written twice': [
    running(
      'e',
      'traffic: 5',
      METRICS,
      SIZE,
      'arms: [{ variation: on, weight: 50 }, { variation: on, weight: 50 }]',
    ),
    'nothing-to-compare e.yaml:8:7 [{',
  ],
  'a running experiment whose second arm has no weight': [
    running(
      'e',
      'traffic: 5',
      METRICS,
      SIZE,
      'arms: [{ variation: on, weight: 100 }, { variation: off, weight: 0 }]',
    ),
    'nothing-to-compare e.yaml:8:7 [{',
  ],
  'a running experiment without traffic': [
    running('e', 'traffic: 0', METRICS, SIZE),
    'nothing-to-compare e.yaml:6:10 0',
  ],
  'a running experiment with an empty slot': [
    running('e', 'layer: l', 'slot: { from: 5, to: 5 }', METRICS, SIZE),
    'nothing-to-compare e.yaml:7:7 {',
  ],
  'a running experiment whose exposures are off': [
    running('e', 'traffic: 5', 'exposures: off', METRICS, SIZE),
    'exposures-off e.yaml:7:12 off',
  ],
  'a metric that is primary and secondary': [
    running('e', 'traffic: 5', 'metrics: { primary: m, secondary: [m] }', SIZE),
    'metric-repeated e.yaml:7:36 m',
  ],
  'a guardrail without a margin': [
    running('e', 'traffic: 5', 'metrics: { primary: p, guardrails: [m] }', SIZE),
    'unknown-metric e.yaml:7:21 p',
    'guardrail-without-margin e.yaml:7:37 m',
  ],
  'a minimum effect that was meant as a percentage': [
    running('e', 'traffic: 5', METRICS, 'analysis: { minimumEffect: 2 }'),
    'share-like-percentage e.yaml:8:28 2',
  ],
};

const metrics: { [title: string]: [lines: string[], ...problems: string[]] } = {
  'a mean of a property': [['type: mean', 'event: m', 'value: amount', 'cap: 0.99', 'margin: 0.01']],
  'a mean of nothing': [['type: mean', 'event: m'], 'mean-without-value m.yaml:3:7 mean'],
  'a count of events': [['type: count', 'event: m']],
  'a ratio of an event and itself': [
    ['type: ratio', 'numerator: a', 'denominator: a'],
    'ratio-of-itself m.yaml:5:14 a',
  ],
  'a cap on a binary metric': [['type: binary', 'event: m', 'cap: 0.999']],
  'a cap that was meant as what is cut off': [
    ['type: count', 'event: m', 'cap: 0.01'],
    'cap-not-fitting m.yaml:5:6 0.01',
  ],
  'a margin that was meant as a percentage': [
    ['type: binary', 'event: m', 'margin: 5'],
    'share-like-percentage m.yaml:5:9 5',
  ],
};

export const measuringCases: Case[] = [
  ...Object.entries(experiments).map(([title, [text, ...problems]]) => ({
    title,
    files: files(text),
    problems,
  })),
  ...Object.entries(metrics).map(([title, [lines, ...problems]]) => ({
    title,
    files: { 'm.yaml': metric(...lines) },
    problems,
  })),
];
