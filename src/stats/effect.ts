// The difference of two estimates with its uncertainty: what means, ratios and adjusted means have in common.
import { agreeing, type Comparison, finiteOrNull, notComputable, pValue } from './comparison.ts';
import type { Caution, Reason } from './computed.ts';
import { tQuantile, tTwoSided } from './distributions/t.ts';

/** In any unit, so scaled that the largest of its magnitudes is near 1. */
export interface Effect {
  difference: number;
  /** What lifts are relative to. */
  baseline: number;
  /** Of the treatment's estimate, from n - 1 degrees of freedom. */
  treatment: { variance: number; degreesOfFreedom: number };
  /**
   * Of the control's estimate; with the variance of the baseline, and the covariance of both. All three are the same unless what is
   * compared (adjusted) is not what lifts are relative to (unadjusted).
   */
  control: {
    variance: number;
    degreesOfFreedom: number;
    baselineVariance: number;
    baselineCovariance: number;
  };
}

/** What the test of an effect says; null where neither estimate varies. */
export interface EffectTest {
  /** t = estimate / standardError. */
  statistic: number;
  standardError: number;
  /** Welch–Satterthwaite's. */
  degreesOfFreedom: number;
}

/**
 * Welch's test of `difference = margin * baseline`, with margin 0 that of no difference: t = (Δ - m B) / s, where
 * s² = Vt + Vc + 2 m Cov(control, B) + m² Var(B), and df = s⁴ / (Vt²/(nt-1) + (s²-Vt)²/(nc-1)).
 * Welch 1947; Satterthwaite 1946; with a margin Sasabuchi 1988's form of the ratio of means.
 */
export function testEffect(effect: Effect, margin = 0): EffectTest | null {
  const { treatment, control } = effect;
  const ofControl = Math.max(
    0,
    control.variance + 2 * margin * control.baselineCovariance + margin * margin * control.baselineVariance,
  );
  const variance = treatment.variance + ofControl;
  if (!(variance > 0)) return null;
  const [shareT, shareC] = [treatment.variance / variance, ofControl / variance];
  const standardError = Math.sqrt(variance);
  return {
    statistic: (effect.difference - margin * effect.baseline) / standardError,
    standardError,
    degreesOfFreedom: 1 / (shareT ** 2 / treatment.degreesOfFreedom + shareC ** 2 / control.degreesOfFreedom),
  };
}

/** Critical value of t at two-sided `alpha`: infinite where it exceeds what a number can be. */
export function criticalT(alpha: number, degreesOfFreedom: number): number {
  return -tQuantile(Math.max(alpha / 2, Number.MIN_VALUE), degreesOfFreedom);
}

/**
 * Welch's test, its interval d ± t s, and the lift with Fieller's interval. Effects are in units of `unit`; what comes out is not.
 * `none` is the reason where nothing varies: then there is a difference and a lift, but no test.
 */
export function compareEffect(
  effect: Effect,
  unit: number,
  alpha: number,
  cautions: readonly Caution[],
  none: Reason = 'zero variance',
): Comparison {
  const difference = effect.difference * unit;
  const known = { difference, ...pointLift(effect), cautions: [...cautions, ...baselineCautions(effect)] };
  if (!Number.isFinite(difference)) return notComputable('out of range', { cautions: [...cautions] });
  const test = testEffect(effect);
  if (test === null) return notComputable(none, known);
  const p = pValue(tTwoSided(test.statistic, test.degreesOfFreedom));
  const critical = criticalT(alpha, test.degreesOfFreedom);
  const [lower, upper] = [-1, 1].map(
    (side) => (effect.difference + side * critical * test.standardError) * unit,
  );
  const side = p < alpha ? Math.sign(effect.difference) : 0;
  const lift = known.lift === null ? NO_LIFT : fieller(effect, test.standardError, critical, side);
  if (lift.liftRegion !== null && lift.liftRegion !== 'interval') known.cautions.push('unbounded lift');
  return {
    ...known,
    ...lift,
    standardError: finiteOrNull(test.standardError * unit),
    statistic: test.statistic,
    degreesOfFreedom: test.degreesOfFreedom,
    p,
    interval: agreeing(lower as number, upper as number, difference, side),
  };
}

/** The difference relative to the absolute value of the baseline, so that its sign is the difference's. */
export function pointLift({ difference, baseline }: Pick<Effect, 'difference' | 'baseline'>): {
  lift: number | null;
} {
  return { lift: finiteOrNull(difference / Math.abs(baseline)) };
}

export function baselineCautions({
  difference,
  baseline,
}: Pick<Effect, 'difference' | 'baseline'>): Caution[] {
  if (!Number.isFinite(difference / Math.abs(baseline))) return ['zero baseline'];
  return baseline < 0 ? ['negative baseline'] : [];
}

type LiftInterval = Pick<Comparison, 'liftInterval' | 'liftRegion'>;
const NO_LIFT: LiftInterval = { liftInterval: null, liftRegion: null };

/**
 * The lifts r with (Δ - r B)² <= c² Var(Δ - r B): the roots of (B² - c² V22) r² - 2 (Δ B - c² V12) r + (Δ² - c² V11), where
 * V11 = Var(Δ), V22 = Var(B), V12 = Cov(Δ, B) and c is the critical t; times the sign of B. They are the ends where B differs from 0
 * at the same level (Fieller 1954). Divided by B² throughout, since both B and c may be of any size.
 */
function fieller(effect: Effect, standardError: number, critical: number, side: number): LiftInterval {
  const { baselineVariance, baselineCovariance } = effect.control;
  const b = effect.baseline / critical;
  const [lift, spread] = [effect.difference / effect.baseline, standardError / b];
  const square = 1 - baselineVariance / b / b;
  const half = lift + baselineCovariance / b / b;
  const constant = (lift - spread) * (lift + spread);
  const discriminant = half * half - square * constant;
  if (!(square > 0)) {
    return { liftInterval: null, liftRegion: side !== 0 || discriminant > 0 ? 'exclusive' : 'whole-line' };
  }
  // The root that does not cancel, and the other by their product.
  const far = half + (half < 0 ? -1 : 1) * Math.sqrt(Math.max(0, discriminant));
  const roots = Number.isFinite(far)
    ? [far / square, far === 0 ? 0 : constant / far]
    : [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const [lower, upper] = roots.map((root) => root * Math.sign(b)).sort((x, y) => x - y) as [number, number];
  return { liftInterval: agreeing(lower, upper, lift * Math.sign(b), side), liftRegion: 'interval' };
}
