// CUPED: what a unit did before the experiment takes noise out of what it did in it.
import type { Comparison } from './comparison.ts';
import { type Caution, InvalidInputError } from './computed.ts';
import { checkCovariance, residualVariance } from './covariance.ts';
import { compareEffect, type Effect, testEffect } from './effect.ts';
import { checkAlpha } from './input.ts';
import { clampCautions, effectOfMeans, unitOfMeans } from './means.ts';
import { checkMoments, inUnit, type Moments } from './moments.ts';
import { scaledVariance } from './unit.ts';

export interface CovariateMoments extends Moments {
  /** Sample moments of what was measured before, over the same units; null where it was not measured. */
  covariate: { mean: number | null; variance: number | null } | null;
  /** Sample covariance of both, with divisor n - 1; null where n < 2 or there is no covariate. */
  covariance: number | null;
}

export interface Adjustment {
  /** What a covariate that is higher by 1 adds to the metric; 0 where nothing is adjusted. */
  theta: number;
  /** Of metric and covariate, pooled within the arms; null where either does not vary. */
  correlation: number | null;
  /** Over all arms; null where there is no covariate. */
  covariateMean: number | null;
  /** After adjustment, in the order of the arms. */
  arms: Moments[];
  /** `covariate missing` (of an arm with units: then none is adjusted), `constant covariate`, `variance clamped to zero`. */
  cautions: Caution[];
}

export interface AdjustedComparison extends Comparison {
  /** 1 - (standard error with / without the covariate)²; 0 where nothing is adjusted, null where there is no standard error. */
  varianceReduction: number | null;
}

/**
 * theta = Σ (n-1) cov / Σ (n-1) var(x) over all arms (the slope within arms, as an analysis of covariance has it), and
 * y - theta (x - mean of x over all arms) in place of y (Deng, Xu, Kohavi & Walker 2013, eq. 4–6; Lin 2013).
 * The first arm is the baseline; arms without units are left out.
 * @throws InvalidInputError as checkMoments and checkCovariance; `out-of-range` where theta or a moment is larger than a number can be
 */
export function adjust(arms: readonly CovariateMoments[]): Adjustment {
  const { parts, theta, correlation, covariateMean, units, cautions } = slopeOf(arms);
  const unscaled = (theta * units.metric) / units.covariate;
  if (!Number.isFinite(unscaled)) {
    throw new InvalidInputError('out-of-range', 'Metric and covariate are of sizes too far apart.');
  }
  return {
    theta: unscaled,
    correlation,
    covariateMean: covariateMean === null ? null : covariateMean * units.covariate,
    arms: parts.map((part) => inUnit(adjusted(part, theta, covariateMean ?? 0), units.metric)),
    cautions,
  };
}

/**
 * Each arm after the first compared with it: Welch's test on the adjusted moments; the lift is relative to the unadjusted baseline.
 * `alpha` is two-sided. Where there is nothing to adjust by the result is compareMeans', with a caution. Without a p: as
 * compareMeans, and `zero adjusted variance` where the covariate says the metric exactly.
 * @throws InvalidInputError `alpha-out-of-range`, and as adjust
 */
export function compareAdjusted(
  arms: readonly CovariateMoments[],
  alpha: number,
): Adjustment & { comparisons: AdjustedComparison[] } {
  checkAlpha(alpha);
  const adjustment = adjust(arms);
  const comparisons = adjustedEffects(arms).map((prepared): AdjustedComparison => {
    if (!('effect' in prepared)) return { ...prepared, varianceReduction: null };
    const { effect, raw, unit } = prepared;
    const [test, rawTest] = [testEffect(effect), testEffect(raw)];
    const none = rawTest ? 'zero adjusted variance' : 'zero variance';
    return {
      ...compareEffect(effect, unit, alpha, adjustment.cautions, none),
      varianceReduction: test && rawTest && 1 - (test.standardError / rawTest.standardError) ** 2,
    };
  });
  return { ...adjustment, comparisons };
}

/**
 * For each arm after the first its effect, adjusted and `raw`, in units of `unit`; or the comparison that says why there is none.
 * @throws InvalidInputError as adjust
 */
export function adjustedEffects(
  arms: readonly CovariateMoments[],
): ({ effect: Effect; raw: Effect; unit: number } | Comparison)[] {
  const { parts, theta, units } = slopeOf(arms);
  const [control, ...treatments] = arms;
  return treatments.map((treatment, index) => {
    const prepared = effectOfMeans(control as CovariateMoments, treatment, units.metric);
    if (!('effect' in prepared)) return prepared;
    const [c, t] = [parts[0] as Part, parts[index + 1] as Part];
    const raw = prepared.effect;
    const effect: Effect = {
      ...raw,
      difference: raw.difference - theta * (t.x - c.x),
      treatment: { ...raw.treatment, variance: residualVariance(t.yy, t.xy, t.xx, theta) / t.n },
      control: {
        ...raw.control,
        variance: residualVariance(c.yy, c.xy, c.xx, theta) / c.n,
        baselineCovariance: (c.yy - theta * c.xy) / c.n,
      },
    };
    return { effect, raw, unit: units.metric };
  });
}

/** An arm's moments in units of the metric (y) and the covariate (x); 0 for what is not there. */
interface Part {
  n: number;
  y: number;
  yy: number;
  x: number;
  xx: number;
  xy: number;
}

/** The slope, and what it was found from, in the units of parts. */
function slopeOf(arms: readonly CovariateMoments[]) {
  arms.forEach((arm, index) => {
    checkArm(arm, `arm ${index}`);
  });
  const isMissing = arms.some(lacksCovariate);
  const units = {
    metric: unitOfMeans(...arms),
    covariate: unitOfMeans(...arms.flatMap(({ covariate }) => covariate ?? [])),
  };
  const parts = arms.map((arm) => partOf(arm, isMissing ? null : arm.covariate, units));
  const sum = (of: (part: Part) => number) => parts.reduce((total, part) => total + of(part), 0);
  const within = (of: (part: Part) => number) => sum((part) => Math.max(0, part.n - 1) * of(part));
  const [n, xx, xy, yy] = [
    sum((part) => part.n),
    within((p) => p.xx),
    within((p) => p.xy),
    within((p) => p.yy),
  ];
  const cautions: Caution[] = clampCautions(...arms);
  if (isMissing) cautions.push('covariate missing');
  else if (xx === 0 && arms.some((arm) => arm.n > 1)) cautions.push('constant covariate');
  return {
    parts,
    units,
    cautions,
    theta: xx > 0 ? xy / xx : 0,
    correlation: xx > 0 && yy > 0 ? Math.max(-1, Math.min(1, xy / Math.sqrt(xx) / Math.sqrt(yy))) : null,
    covariateMean: isMissing || n === 0 ? null : sum((part) => part.x * (part.n / n)),
  };
}

function partOf(
  arm: CovariateMoments,
  covariate: CovariateMoments['covariate'],
  units: { metric: number; covariate: number },
): Part {
  const spread = (of: { mean: number | null; variance: number | null } | null, unit: number) =>
    of && arm.n > 1 ? scaledVariance(of.variance as number, of.mean as number, unit) : 0;
  const xx = spread(covariate, units.covariate);
  return {
    n: arm.n,
    y: (arm.mean ?? 0) / units.metric,
    yy: spread(arm, units.metric),
    x: (covariate?.mean ?? 0) / units.covariate,
    xx,
    xy: xx === 0 ? 0 : (arm.covariance as number) / units.metric / units.covariate,
  };
}

function adjusted({ n, y, yy, x, xx, xy }: Part, theta: number, covariateMean: number): Moments {
  return {
    n,
    mean: n < 1 ? null : y - theta * (x - covariateMean),
    variance: n < 2 ? null : residualVariance(yy, xy, xx, theta),
  };
}

/** Adjusting some arms only would bias the difference. */
function lacksCovariate({ n, covariate, covariance }: CovariateMoments): boolean {
  if (n === 0) return false;
  if (covariate === null || covariate.mean === null) return true;
  return n > 1 && (covariate.variance === null || covariance === null);
}

function checkArm(arm: CovariateMoments, what: string): void {
  checkMoments(arm, what);
  if (lacksCovariate(arm) || arm.n === 0) return;
  const covariate = arm.covariate as { mean: number; variance: number };
  checkMoments({ n: arm.n, ...covariate }, `the covariate of ${what}`);
  if (arm.n > 1) checkCovariance(arm.covariance, covariate, arm, what);
}
