// Compares the means of two arms.
import { type Comparison, lackingSide, notComputable } from './comparison.ts';
import type { Caution } from './computed.ts';
import { baselineCautions, compareEffect, type Effect, pointLift } from './effect.ts';
import { checkAlpha } from './input.ts';
import { checkMoments, isClamped, type Moments } from './moments.ts';
import { scaledVariance, unitOf } from './unit.ts';

/**
 * Welch's t-test of two means, from their moments: d = mt - mc, s² = vc/nc + vt/nt, t = d/s, and for the lift d/|mc| Fieller's
 * interval (Welch 1947; Satterthwaite 1946; Fieller 1954). `alpha` is two-sided; means and variances may be of any size.
 *
 * Without a p: `no data`, `n=1` (of a side, in `lacking`), `zero variance` (of both arms), `out of range`.
 * Cautions: `zero baseline` (no lift), `negative baseline`, `unbounded lift` (no interval of it), `variance clamped to zero`.
 * @throws InvalidInputError `alpha-out-of-range`, and as checkMoments
 */
export function compareMeans(control: Moments, treatment: Moments, alpha: number): Comparison {
  checkAlpha(alpha);
  const prepared = effectOfMeans(control, treatment);
  if (!('effect' in prepared)) return prepared;
  return compareEffect(prepared.effect, prepared.unit, alpha, clampCautions(control, treatment));
}

/**
 * Two means as an effect in units of `unit`, or the comparison that says why there is none.
 * @throws InvalidInputError as checkMoments
 */
export function effectOfMeans(
  control: Moments,
  treatment: Moments,
  unit = unitOfMeans(control, treatment),
): { effect: Effect; unit: number } | Comparison {
  checkMoments(control, 'the control');
  checkMoments(treatment, 'the treatment');
  const empty = lackingSide(control, treatment, 1);
  if (empty) return notComputable('no data', { lacking: empty });
  const [mc, mt] = [control.mean as number, treatment.mean as number];
  const single = lackingSide(control, treatment, 2);
  if (single) return ofSingleUnit(mc, mt, single);
  const [vc, vt] = [control.variance as number, treatment.variance as number];
  const varianceOfControl = scaledVariance(vc, mc, unit) / control.n;
  const effect: Effect = {
    difference: mt / unit - mc / unit,
    baseline: mc / unit,
    treatment: { variance: scaledVariance(vt, mt, unit) / treatment.n, degreesOfFreedom: treatment.n - 1 },
    control: {
      variance: varianceOfControl,
      degreesOfFreedom: control.n - 1,
      baselineVariance: varianceOfControl,
      baselineCovariance: varianceOfControl,
    },
  };
  return { effect, unit };
}

/** The unit in which the largest of all means and standard deviations is near 1. */
export function unitOfMeans(...arms: readonly Pick<Moments, 'mean' | 'variance'>[]): number {
  return unitOf(...arms.flatMap(({ mean, variance }) => [mean ?? 0, Math.sqrt(Math.abs(variance ?? 0))]));
}

/** One value has no variance that is known, not one of 0: the difference is all that there is. */
function ofSingleUnit(mc: number, mt: number, lacking: 'control' | 'treatment' | 'both'): Comparison {
  const unit = unitOf(mc, mt);
  const effect = { difference: mt / unit - mc / unit, baseline: mc / unit };
  const difference = effect.difference * unit;
  if (!Number.isFinite(difference)) return notComputable('out of range');
  const cautions = baselineCautions(effect);
  return notComputable('n=1', { difference, ...pointLift(effect), lacking, cautions });
}

export function clampCautions(...arms: readonly Moments[]): Caution[] {
  const isAnyClamped = arms.some(({ n, mean, variance }) => n > 1 && isClamped(variance, mean));
  return isAnyClamped ? ['variance clamped to zero'] : [];
}
