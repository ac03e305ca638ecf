// How many units a mean needs, and what it can show with those that there are. A ratio's moments after the delta method are a mean's.
import { InvalidInputError } from '../computed.ts';
import { checkCount, checkFinite } from '../input.ts';
import { checkRatio, powerZ, twoSidedZ } from './design.ts';
import { effectOf, type MinimumEffect } from './proportions.ts';

export interface MeansDesign {
  /** Of one unit, 0 or more, in the square of the metric's unit. With CUPED: times cupedFactor. */
  varianceControl: number;
  varianceTreatment: number;
  nControl: number;
  nTreatment: number;
  /** Two-sided, in (0, 1). */
  alpha: number;
}

/**
 * Units of the control arm, not rounded, that find `difference` with `power`; the treatment arm needs `ratio` times as many (1 if not
 * given): (v_c + v_t / ratio) ((z + z_power) / d)². Null where the difference is 0: no size shows that.
 * @throws InvalidInputError `negative-variance`, `not-finite`, `alpha-out-of-range`, `power-not-above-alpha`, `ratio-not-positive`
 */
export function sampleSizeOfMeans(need: {
  difference: number;
  varianceControl: number;
  varianceTreatment: number;
  alpha: number;
  power: number;
  ratio?: number;
}): number | null {
  const { difference, varianceControl, varianceTreatment, alpha, power, ratio = 1 } = need;
  checkFinite(difference, 'The difference');
  for (const variance of [varianceControl, varianceTreatment]) checkVariance(variance);
  checkRatio(ratio);
  const z = twoSidedZ(alpha) + powerZ(power, alpha);
  if (difference === 0) return null;
  return (varianceControl + varianceTreatment / ratio) * (z / difference) ** 2;
}

/**
 * The smallest difference that a test of two means finds with `power`: (z + z_power) sqrt(v_c / n_c + v_t / n_t), the same up and down;
 * relative to the absolute value of `meanControl`. By the normal approximation, whose power is a hundredth too high at 20 units per arm,
 * and exact from some hundreds on.
 * @throws InvalidInputError `negative-variance`, `not-finite`, `alpha-out-of-range`, `power-not-above-alpha`, and for n as every count
 */
export function minimumEffectOfMeans(
  design: MeansDesign & { power: number; meanControl: number },
): MinimumEffect {
  checkFinite(design.meanControl, 'The mean of the control');
  const z = twoSidedZ(design.alpha) + powerZ(design.power, design.alpha);
  const standardError = standardErrorOf(design);
  if (standardError === null) {
    const reason = design.nControl === 0 || design.nTreatment === 0 ? 'no data' : 'zero variance';
    return effectOf(null, null, design.meanControl, reason);
  }
  return effectOf(z * standardError, z * standardError, design.meanControl, 'zero variance');
}

/**
 * What CUPED multiplies a variance by, and thus a sample size: 1 - correlation² with what was measured before (Deng et al. 2013). The
 * minimum effect is multiplied by its root. correlation in [-1, 1]. @throws InvalidInputError `correlation-out-of-range`
 */
export function cupedFactor(correlation: number): number {
  if (correlation >= -1 && correlation <= 1) return (1 - correlation) * (1 + correlation);
  throw new InvalidInputError('correlation-out-of-range', `A correlation is not ${correlation}.`);
}

/** Null where there is none: no units, or nothing varies. */
function standardErrorOf(design: MeansDesign): number | null {
  const { varianceControl, varianceTreatment, nControl, nTreatment } = design;
  for (const variance of [varianceControl, varianceTreatment]) checkVariance(variance);
  checkCount(nControl, 'n of the control');
  checkCount(nTreatment, 'n of the treatment');
  if (nControl === 0 || nTreatment === 0) return null;
  return Math.sqrt(varianceControl / nControl + varianceTreatment / nTreatment) || null;
}

function checkVariance(variance: number): void {
  checkFinite(variance, 'The variance');
  if (variance < 0) throw new InvalidInputError('negative-variance', `A variance is not ${variance}.`);
}
