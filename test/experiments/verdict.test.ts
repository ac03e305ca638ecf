// Which arm a verdict names where several crossed their boundary, and why there is nobody to judge.
import { expect, test } from 'vitest';
import type { Verdict } from '../../src/experiments/analysis.ts';
import { verdictOf } from '../../src/experiments/verdict.ts';
import { analysis, comparison, metric } from './report/analyses.ts';

interface Arm {
  arm: string;
  difference: number;
  isCrossed: boolean;
}

function verdictOn(direction: 'increase' | 'decrease', arms: readonly Arm[]): Verdict {
  const { split } = analysis();
  const none = { p: 0.01, z: 2.6, bound: 2.2, adjustedP: 0.02 };
  return verdictOf({
    ...{
      split,
      units: 300,
      unitsPerArm: 100,
      plannedPerArm: 100,
      missing: null,
      hasEvents: true,
      isBlind: false,
    },
    primary: metric('purchase', {
      direction,
      arms: arms.map(({ arm, difference }) => comparison(arm, { difference })),
    }),
    look: {
      ...{ look: 1, at: '2026-11-23T09:00:00.000Z', fraction: 1, units: 300, information: 1, isFinal: true },
      arms: arms.map(({ arm, isCrossed }) => ({ arm, isCrossed, ...none })),
    },
  });
}

const rise = { arm: 'rise', difference: 0.01, isCrossed: true };
const higher = { arm: 'higher', difference: 0.02, isCrossed: true };
const fall = { arm: 'fall', difference: -0.05, isCrossed: true };
const deeper = { arm: 'deeper', difference: -0.07, isCrossed: true };
const undecided = { arm: 'undecided', difference: 0.2, isCrossed: false };

test.each<[string, 'increase' | 'decrease', Arm[], Verdict]>([
  ['the one that gains most', 'increase', [rise, higher], { kind: 'better', arm: 'higher' }],
  ['one that gains, and not one that loses more', 'increase', [fall, rise], { kind: 'better', arm: 'rise' }],
  ['of losers the one that loses most', 'increase', [fall, deeper], { kind: 'worse', arm: 'deeper' }],
  ['what falls, where that is good', 'decrease', [rise, fall], { kind: 'better', arm: 'fall' }],
  ['what rises, where that is bad', 'decrease', [rise, higher], { kind: 'worse', arm: 'higher' }],
  ['none that did not cross', 'increase', [undecided, fall], { kind: 'worse', arm: 'fall' }],
  ['none where none crossed', 'increase', [undecided], { kind: 'no-difference' }],
])('it names %s', (_, direction, arms, verdict) => {
  expect(verdictOn(direction, arms)).toEqual(verdict);
});

test.each([
  [0, 'No unit has been exposed to it yet.'],
  [4, 'No unit is left to measure: all that were exposed saw more than one arm.'],
])('with nobody left of %i units it says why', (units, why) => {
  const { split, primary } = analysis();
  const arms = split.arms.map((arm) => ({ ...arm, units, crossedOver: units }));
  const basis = {
    ...{ split: { ...split, arms }, units: 0, unitsPerArm: 0, plannedPerArm: null, missing: null },
    ...{ hasEvents: false, isBlind: false, primary, look: undefined },
  };
  expect(verdictOf(basis)).toEqual({ kind: 'no-data', why });
});
