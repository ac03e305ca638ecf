// The size that a plan has: which arm it is of, and what it is multiplied by.
import { expect, test } from 'vitest';
import { adjustable, type Measured } from '../../src/experiments/compare.ts';
import type { ArmMoments } from '../../src/experiments/moments.ts';
import { type Plan, plannedTotal, plannedUnits, planOf } from '../../src/experiments/plan.ts';
import { daysLeft } from '../../src/experiments/progress.ts';
import type { Design } from '../../src/experiments/setup.ts';
import { sampleSizeOfProportions } from '../../src/stats/power/proportions.ts';
import { PURCHASE } from './world.ts';

const need = { value: 0.2, variance: 0.16, effect: 0.1 };
const armsOf = (...weights: number[]) => weights.map((weight, at) => ({ arm: `arm-${at}`, weight }));
const sized = (arms: { arm: string; weight: number }[], alpha = 0.05, factor = 1) =>
  plannedUnits({ arms, alpha, power: 0.8 }, PURCHASE, need, factor) ?? Number.NaN;

test('two equal arms need what the power calculation says, times the factor', () => {
  const fixed =
    sampleSizeOfProportions({ control: 0.2, treatment: 0.22, alpha: 0.05, power: 0.8 }) ?? Number.NaN;
  expect(sized(armsOf(50, 50))).toBe(Math.ceil(fixed));
  expect(sized(armsOf(50, 50), 0.05, 1.2)).toBe(Math.ceil(fixed * 1.2));
});

test('each of three arms is planned at half of alpha', () => {
  expect(sized(armsOf(34, 33, 33))).toBeGreaterThan(sized(armsOf(50, 50)) * 1.15);
  expect(sized(armsOf(20, 20, 20))).toBe(sized(armsOf(20, 20), 0.025));
});

test('of unequal arms the size is that of the smallest, and more units are needed in all', () => {
  const arms = armsOf(90, 10);
  const unitsPerArm = sized(arms);
  const ratio = 1 / 9;
  const control = sampleSizeOfProportions({ control: 0.2, treatment: 0.22, alpha: 0.05, power: 0.8, ratio });
  expect(unitsPerArm).toBe(Math.ceil((control ?? Number.NaN) / 9));
  expect(plannedTotal({ arms } as Parameters<typeof plannedTotal>[0], unitsPerArm)).toBeCloseTo(
    unitsPerArm * 10,
    9,
  );
  expect(unitsPerArm * 10).toBeGreaterThan(2 * sized(armsOf(50, 50)));
});

test('a rate that the effect would lead out of [0, 1] is planned with the effect the other way', () => {
  const many = plannedUnits(
    { arms: armsOf(50, 50), alpha: 0.05, power: 0.8 },
    PURCHASE,
    { ...need, value: 0.95 },
    1,
  );
  const control = sampleSizeOfProportions({ control: 0.95, treatment: 0.855, alpha: 0.05, power: 0.8 });
  expect(many).toBe(Math.ceil(control ?? Number.NaN));
});

test('a rate that the effect would lead out of [0, 1] both ways has no size', () => {
  const design = { arms: armsOf(50, 50), alpha: 0.05, power: 0.8 };
  expect(plannedUnits(design, PURCHASE, { ...need, value: 0.47, effect: 10 }, 1)).toBeNull();
  // To none at all is a size of its own.
  const decrease = { ...PURCHASE, direction: 'decrease' } as const;
  const none = sampleSizeOfProportions({ control: 0.2, treatment: 0, alpha: 0.05, power: 0.8 });
  expect(plannedUnits(design, decrease, { ...need, effect: 1 }, 1)).toBe(Math.ceil(none ?? Number.NaN));
});

test('days left are those of all arms together, as progress is: one that is behind delays nothing', () => {
  const design = { arms: armsOf(50, 50), end: null } as Pick<Design, 'arms' | 'end'> as Design;
  const plan = { unitsPerArm: 100 } as Plan;
  const units = [120, 40].map((measured, at) => ({
    ...{ arm: `arm-${at}`, assigned: measured, crossedOver: 0, measured },
    ...{ recent: measured, firstMs: 0, open: [] },
  }));
  // 160 came in four days, 40 a day, and 40 of 200 are left. The second arm alone would take six days.
  expect(daysLeft(design, plan, units, 4 * 86_400_000)).toBe(1);
});

/** Averages of equal values differ in their last digit with how many there are: a variance of some 1e-28 is none. */
const rounding = { mean: 59.9, variance: 2e-28 };
const varied = { mean: 59.9, variance: 2 };

test.each([
  ['an average of values that are all the same', 'mean', rounding, varied, 0],
  ['a ratio whose parts are always as many', 'ratio', varied, varied, 2 - 1e-13],
] as const)(
  '%s varies by rounding alone, and nothing is planned by that',
  (_name, type, measured, other, covariance) => {
    const arm: ArmMoments = {
      ...{ arm: 'arm-0', n: 200, positive: 200, measured, other, covariance },
      ...{ capped: 0, withoutCovariate: 0 },
    };
    const found: Measured = {
      ...{
        metric: { metric: 'price', type, direction: 'increase' },
        moments: { arms: [arm, arm], cap: null, otherCap: null },
      },
      ...{ units: [200, 200], open: 0, cupedDays: null },
    };
    const design = { arms: armsOf(50, 50), alpha: 0.05, power: 0.8, minimumEffect: 0.1, sequential: null };
    expect(planOf(design as unknown as Design, found, true)).toBeUndefined();
  },
);

test('a covariate that varies by rounding alone adjusts nothing', () => {
  const asked = (other: ArmMoments['other']) =>
    adjustable({
      ...{ metric: PURCHASE, units: [200], open: 0, cupedDays: 7 },
      moments: { cap: null, otherCap: null, arms: [{ n: 200, other } as ArmMoments] },
    });
  expect([asked(varied), asked(rounding)]).toEqual([true, false]);
});
