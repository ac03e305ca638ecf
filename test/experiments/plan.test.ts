// The size that a plan has: which arm it is of, and what it is multiplied by.
import { expect, test } from 'vitest';
import { type Plan, plannedTotal, plannedUnits } from '../../src/experiments/plan.ts';
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
