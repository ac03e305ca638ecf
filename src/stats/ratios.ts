// Compares ratios of two metrics that are summed per unit, by the delta method.
import { type Comparison, finiteOrNull, lackingSide, notComputable } from './comparison.ts';
import type { Caution } from './computed.ts';
import { checkCovariance, residualVariance } from './covariance.ts';
import { compareEffect, type Effect } from './effect.ts';
import { checkAlpha } from './input.ts';
import { effectOfMeans, unitOfMeans } from './means.ts';
import { checkMoments, inUnit, type Moments } from './moments.ts';
import { scaledVariance } from './unit.ts';

export interface RatioMoments {
  /** Units: a safe integer from 0. */
  n: number;
  /** Sample moments (divisor n - 1) of the units' sums; null as in Moments. */
  numerator: { mean: number | null; variance: number | null };
  denominator: { mean: number | null; variance: number | null };
  /** Sample covariance, with divisor n - 1; null exactly where n < 2. */
  covariance: number | null;
}

/** A denominator within this many standard errors of 0 makes the delta method untrustworthy. */
const STABLE = 3;
/** A denominator below it, relative to its spread, is 0. */
const ZERO = 2 ** -200;

/**
 * R = mean(numerator) / mean(denominator) per arm, with the variance of its linearised units,
 * s² = (var_num - 2 R cov + R² var_den) / mean_den²; then as compareMeans, on (R, s², n)
 * (Deng, Lu & Litz 2017; Deng, Knoblich & Lu 2018). Units are those of the randomisation, not the denominator's.
 *
 * Without a p: as compareMeans, and `zero denominator`. Cautions: as compareMeans, and `unstable denominator`.
 * @throws InvalidInputError `alpha-out-of-range`, and as ratioMoments
 */
export function compareRatios(control: RatioMoments, treatment: RatioMoments, alpha: number): Comparison {
  checkAlpha(alpha);
  const prepared = effectOfRatios(control, treatment);
  if (!('effect' in prepared)) return prepared;
  return compareEffect(prepared.effect, prepared.unit, alpha, prepared.cautions);
}

/** Two ratios as an effect, or the comparison that says why there is none. @throws InvalidInputError as ratioMoments */
export function effectOfRatios(
  control: RatioMoments,
  treatment: RatioMoments,
): { effect: Effect; unit: number; cautions: Caution[] } | Comparison {
  for (const arm of [control, treatment]) checkRatio(arm);
  const empty = lackingSide(control, treatment, 1);
  if (empty) return notComputable('no data', { lacking: empty });
  const units = unitsOf(control, treatment);
  const [c, t] = [linearised(control, units), linearised(treatment, units)];
  if (c === null || t === null) {
    return notComputable('zero denominator', { lacking: c ? 'treatment' : t ? 'control' : 'both' });
  }
  const cautions: Caution[] = [control, treatment].some(isUnstable) ? ['unstable denominator'] : [];
  const prepared = effectOfMeans(c, t);
  const scale = units.numerator / units.denominator;
  if ('effect' in prepared) return { ...prepared, unit: prepared.unit * scale, cautions };
  const difference = finiteOrNull((prepared.difference ?? 0) * scale);
  return { ...prepared, difference, cautions: [...cautions, ...prepared.cautions] };
}

/**
 * An arm's ratio with its linearised variance, as moments; null where the denominator is 0.
 * @throws InvalidInputError `missing-moment`, `not-finite`, `negative-variance`, `covariance-exceeds-cauchy-schwarz`, and what
 * checkCount throws; `out-of-range` where a moment is larger than a number can be
 */
export function ratioMoments(arm: RatioMoments): Moments | null {
  checkRatio(arm);
  if (arm.n === 0) return { n: 0, mean: null, variance: null };
  const units = unitsOf(arm);
  const moments = linearised(arm, units);
  return moments && inUnit(moments, units.numerator / units.denominator);
}

interface Units {
  numerator: number;
  denominator: number;
}

function unitsOf(...arms: readonly RatioMoments[]): Units {
  return {
    numerator: unitOfMeans(...arms.map(({ numerator }) => numerator)),
    denominator: unitOfMeans(...arms.map(({ denominator }) => denominator)),
  };
}

/** Of an arm with units, in the unit of the ratio. */
function linearised({ n, numerator, denominator, covariance }: RatioMoments, units: Units): Moments | null {
  const [top, bottom] = [
    (numerator.mean as number) / units.numerator,
    (denominator.mean as number) / units.denominator,
  ];
  if (Math.abs(bottom) <= ZERO) return null;
  const mean = top / bottom;
  if (n === 1) return { n, mean, variance: null };
  const varianceOfTop = scaledVariance(
    numerator.variance as number,
    numerator.mean as number,
    units.numerator,
  );
  const varianceOfBottom = scaledVariance(
    denominator.variance as number,
    denominator.mean as number,
    units.denominator,
  );
  const shared = (covariance as number) / units.numerator / units.denominator;
  return { n, mean, variance: residualVariance(varianceOfTop, shared, varianceOfBottom, mean) / bottom ** 2 };
}

function isUnstable({ n, denominator: { mean, variance } }: RatioMoments): boolean {
  return n > 1 && Math.abs(mean as number) < STABLE * Math.sqrt(Math.max(0, variance as number) / n);
}

function checkRatio({ n, numerator, denominator, covariance }: RatioMoments): void {
  checkMoments({ n, ...numerator }, 'the numerator');
  checkMoments({ n, ...denominator }, 'the denominator');
  if (n > 1) checkCovariance(covariance, numerator, denominator, 'both');
}
