// What real traffic says against the experiments of a change, given the numbers.
import { expect, test } from 'vitest';
import { planOf } from '../../src/plan/plan-of.ts';
import { type ExperimentTraffic, eventsOf, measuredByChange } from '../../src/plan/traffic.ts';
import { definitionsOf, inProd, nowMs, type Written } from './support.ts';

const world = (experiment: object, metric: object = {}): Written => ({
  ...inProd({ experiment: 'layout' }),
  experiments: { layout: { traffic: 50, analysis: { minimumEffect: 0.02 }, ...experiment } },
  metrics: { purchase: metric },
});

const traffic: ExperimentTraffic = {
  experiment: 'layout',
  environment: 'prod',
  days: 14,
  events: [{ event: 'purchase', count: 900 }],
  unitsPerDay: 120.4,
  unitsNeeded: 16_100,
};

function warned(found: Partial<ExperimentTraffic>, experiment: object = {}, status = 'draft'): string[] {
  const [before, after] = [world({ status }), world(experiment)].map(definitionsOf);
  const options = { nowMs, today: '2026-11-20', traffic: [{ ...traffic, ...found }] };
  return planOf(before, after as never, options).warnings.flatMap(({ code, environment, message }) =>
    code === 'metric-without-events' || code === 'too-little-traffic'
      ? [`${code} ${environment}: ${message}`]
      : [],
  );
}

test.each<[string, Partial<ExperimentTraffic>, object, string[]]>([
  [
    'days beyond sixty are told',
    {},
    {},
    [
      'too-little-traffic prod: `layout` needs 16,100 units for its minimum effect of 2 %, and about 120 a day take part: that takes 134 days. Give it more traffic, or look for a larger effect.',
    ],
  ],
  ['sixty days are not', { unitsPerDay: 269 }, {}, []],
  [
    'an end of its own counts instead of the sixty',
    { unitsPerDay: 1_610 },
    { end: '2026-11-29' },
    [
      'too-little-traffic prod: `layout` needs 16,100 units for its minimum effect of 2 %, and about 1,610 a day take part: that takes 10 days, and it ends in 9 days. Give it more traffic, or look for a larger effect.',
    ],
  ],
  ['an end that leaves time is fine, however far it is', { unitsPerDay: 161 }, { end: '2027-02-28' }, []],
  [
    'no traffic at all never ends',
    { unitsPerDay: 0 },
    {},
    [expect.stringContaining('and at present none takes part. Give it more traffic') as never],
  ],
  ['nothing is said where the size is not known', { unitsNeeded: null, unitsPerDay: 0 }, {}, []],
  [
    'an event that never came is told, and no days that follow from it',
    { events: [{ event: 'purchase', count: 0 }], unitsPerDay: 0 },
    {},
    [
      'metric-without-events prod: No event `purchase` came from `prod` in the last 14 days, and the primary metric of `layout` is made of it. Let it come first (collectors take it once the metric is merged), or nothing is measured.',
    ],
  ],
])('%s', (_, found, experiment, expected) => {
  expect(warned(found, experiment)).toEqual(expected);
});

test('one day is a day, and an end may be today', () => {
  const [message] = warned({ unitsPerDay: 16_100 }, { end: '2026-11-20' });
  expect(message).toContain('that takes 1 day, and it ends today. Give');
});

test('an experiment that runs already has part of its units, and is not told to be slow', () => {
  expect(warned({}, { end: '2026-11-29' }, 'running')).toEqual([]);
});

test('without a database nothing is said of traffic', () => {
  const [before, after] = [world({ status: 'draft' }), world({})].map(definitionsOf);
  const { warnings } = planOf(before, after as never, { nowMs, today: '2026-11-20' });
  expect(warnings).toEqual([]);
});

test.each<[string, Written | undefined, Written, string[]]>([
  ['a new one', undefined, world({ status: 'draft' }), ['layout prod']],
  ['one that starts', world({ status: 'draft' }), world({}), ['layout prod']],
  [
    'one whose primary metric is measured otherwise',
    world({}),
    world({}, { event: 'paid' }),
    ['layout prod'],
  ],
  ['one that stops', world({}), world({ status: 'stopped' }), []],
  ['one that does not change', world({}), { ...world({}), segments: { s: {} } }, []],
  ['one without metrics', undefined, world({ metrics: undefined }), []],
])('asked about is %s', (_, before, after, expected) => {
  const found = measuredByChange(before && definitionsOf(before), definitionsOf(after));
  expect(found.map(({ experiment, environment }) => `${experiment.experiment} ${environment}`)).toEqual(
    expected,
  );
});

test('a ratio is made of two events', () => {
  const ratio = {
    metric: 'm',
    type: 'ratio',
    direction: 'increase',
    numerator: 'a',
    denominator: 'b',
  } as const;
  expect(eventsOf(ratio)).toEqual(['a', 'b']);
});
