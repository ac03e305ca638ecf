// The plan that an experiment is held to: how large it must become, from what its first units tell of the baseline.
import { type Adjustment, adjust } from '../stats/cuped.ts';
import { cupedFactor, sampleSizeOfMeans } from '../stats/power/means.ts';
import { sampleSizeOfProportions } from '../stats/power/proportions.ts';
import { ratioMoments as linearMoments } from '../stats/ratios.ts';
import { inflation } from '../stats/sequential/plan.ts';
import { scaledVariance } from '../stats/unit.ts';
import { adjustable, armCovariates, type Measured } from './compare.ts';
import { type ArmMoments, ratioMoments } from './moments.ts';
import type { Design } from './setup.ts';

/** What a plan's size was computed from. */
export interface Basis {
  /** Units of the baseline. */
  units: number;
  /** Their windows were over; else what they did so far stood for all that they would do. */
  isMature: boolean;
  variance: number | null;
  /** What CUPED and the looks multiply the size by. */
  cuped: number;
  looks: number;
}

export interface Plan {
  /** When it was recorded; null: it is not. */
  atMs: number | null;
  number: number;
  design: Design;
  /** Of the smallest arm; null where time decides alone. */
  unitsPerArm: number | null;
  baseline: number | null;
  basis: Basis | null;
}

/** From fewer units nothing is planned. */
export const FEWEST_UNITS = 100;

/** Whether units decide when a look is due, or time does; null: there is neither a minimum effect nor an end. */
export function scaleOf({ minimumEffect, end }: Design): 'units' | 'time' | null {
  if (minimumEffect !== null && minimumEffect > 0) return 'units';
  return end === null ? null : 'time';
}

/** The instant from which on the last planned day is over. */
export function endMs({ end }: Design): number | null {
  return end === null ? null : Date.parse(`${end}T00:00:00Z`) + 86_400_000;
}

/**
 * A plan by the baseline that was measured; undefined where that does not do: fewer than 100 units, or no variance. The size is the
 * power calculation's of src/stats/power at alpha over the number of comparisons, times what CUPED leaves and what the looks cost.
 */
export function planOf(
  design: Design,
  measured: Measured,
  isMature: boolean,
): Omit<Plan, 'atMs' | 'number'> | undefined {
  const [baseline] = measured.moments.arms;
  if (!baseline || baseline.n < FEWEST_UNITS || design.minimumEffect === null) return undefined;
  const value = valueOfArm(measured, baseline);
  const variance = varianceOfArm(measured, baseline);
  if (value === null || variance === null || variance <= 0 || value === 0) return undefined;
  const factors = { cuped: cupedFactorOf(measured), looks: looksFactor(design) };
  const need = { value, variance, effect: design.minimumEffect };
  const unitsPerArm = plannedUnits(design, measured.metric, need, factors.cuped * factors.looks);
  if (unitsPerArm === null) return undefined;
  const basis: Basis = { units: baseline.n, isMature, variance, ...factors };
  return { design, unitsPerArm, baseline: value, basis };
}

/** The rate, the mean or the ratio of an arm. */
export function valueOfArm(
  { metric }: Pick<Measured, 'metric'>,
  { n, positive, measured, other }: ArmMoments,
): number | null {
  if (n === 0) return null;
  if (metric.type === 'binary') return positive / n;
  if (metric.type !== 'ratio') return measured.mean;
  const below = other?.mean ?? 0;
  return measured.mean === null || below === 0 ? null : measured.mean / below;
}

/** Per unit; of a ratio, of its linear part (delta method). 0 where values are the same but for rounding. */
export function varianceOfArm({ metric }: Pick<Measured, 'metric'>, arm: ArmMoments): number | null {
  if (metric.type === 'ratio') return linearMoments(ratioMoments(arm))?.variance ?? null;
  const { mean, variance } = arm.measured;
  return variance === null ? null : scaledVariance(variance, mean ?? 0, 1);
}

export interface Need {
  value: number;
  variance: number;
  /** Relative to the value. */
  effect: number;
}

/** Units of the smallest arm, so that each comparison with the baseline has its power; null where no number does. */
export function plannedUnits(
  design: Pick<Design, 'arms' | 'alpha' | 'power'>,
  { type, direction }: Measured['metric'],
  { value, variance, effect }: Need,
  factor: number,
): number | null {
  const arms = design.arms.filter(({ weight }) => weight > 0);
  const [baseline, ...others] = arms;
  if (!baseline || others.length === 0) return null;
  const alpha = design.alpha / others.length;
  const smallest = Math.min(...arms.map(({ weight }) => weight));
  const sizes = others.map(({ weight }) => {
    const ratio = weight / baseline.weight;
    const shared = { alpha, power: design.power, ratio };
    const control =
      type === 'binary'
        ? unitsOfRates(value, movedRate(value, effect, direction), shared)
        : sampleSizeOfMeans({
            difference: value * effect,
            varianceControl: variance,
            varianceTreatment: variance,
            ...shared,
          });
    return control === null ? null : (control * factor * smallest) / baseline.weight;
  });
  const largest = Math.max(...sizes.map((size) => size ?? Number.POSITIVE_INFINITY));
  return Number.isFinite(largest) ? Math.max(2, Math.ceil(largest)) : null;
}

/** A rate moved by the effect in the good direction, or in the other one where that leads out of [0, 1]; null where both do. */
function movedRate(rate: number, effect: number, direction: 'increase' | 'decrease'): number | null {
  const [raised, lowered] = [rate * (1 + effect), rate * (1 - effect)];
  const moved = direction === 'increase' ? [raised, lowered] : [lowered, raised];
  return moved.find((each) => each >= 0 && each <= 1) ?? null;
}

function unitsOfRates(
  control: number,
  treatment: number | null,
  shared: { alpha: number; power: number; ratio: number },
): number | null {
  return treatment === null ? null : sampleSizeOfProportions({ control, treatment, ...shared });
}

export function looksFactor({ sequential, alpha, power, arms }: Design): number {
  if (!sequential) return 1;
  const comparisons = Math.max(1, arms.filter(({ weight }) => weight > 0).length - 1);
  return inflation(sequential.looks, alpha / comparisons, power, sequential.boundary).sample;
}

export function cupedFactorOf(measured: Measured): number {
  if (!adjustable(measured)) return 1;
  const { correlation }: Adjustment = adjust(armCovariates(measured.moments));
  // Whoever had nothing before in common with what comes would otherwise plan with next to no units.
  return correlation === null ? 1 : Math.max(0.01, cupedFactor(correlation));
}

/** All units that the plan is for, from those of its smallest arm. */
export function plannedTotal({ arms }: Design, unitsPerArm: number): number {
  const weights = arms.map(({ weight }) => weight).filter((weight) => weight > 0);
  return (unitsPerArm * weights.reduce((sum, weight) => sum + weight, 0)) / Math.min(...weights);
}
