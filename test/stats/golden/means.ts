// Answers a reference set's groups on means, ratios and adjusted means; variants that the product does not report are computed here.
import type { Comparison } from '../../../src/stats/comparison.ts';
import { adjust, adjustedEffects, type CovariateMoments, compareAdjusted } from '../../../src/stats/cuped.ts';
import { tCdf, tTail } from '../../../src/stats/distributions/t.ts';
import { criticalT, type Effect, testEffect } from '../../../src/stats/effect.ts';
import { type GuardrailPlan, guardrailOfMeans } from '../../../src/stats/guardrail.ts';
import { compareMeans, effectOfMeans } from '../../../src/stats/means.ts';
import type { Moments } from '../../../src/stats/moments.ts';
import { compareRatios, effectOfRatios, type RatioMoments, ratioMoments } from '../../../src/stats/ratios.ts';
import { momentsOf } from './variants/moments.ts';

interface Compared {
  control: Moments;
  treatment: Moments;
  alpha: number;
}

interface GuardrailInput {
  nc: number;
  mc: number;
  vc: number;
  nt: number;
  mt: number;
  vt: number;
  margin_rel: number;
  direction: 'increase_is_bad' | 'decrease_is_bad';
  alpha: number;
}

export interface RatioArm {
  n: number;
  mean_num: number;
  var_num: number;
  mean_den: number;
  var_den: number;
  cov: number;
}

interface RawRatioArm {
  num: number[];
  den: number[];
}

export interface CovariateArm {
  n: number;
  mean_y: number;
  var_y: number;
  mean_x: number | null;
  var_x: number | null;
  cov_xy: number | null;
}

export const meanGroups = {
  welch: ({ control, treatment, alpha }: Compared) => {
    const compared = compareMeans(control, treatment, alpha);
    const [t, df] = [compared.statistic as number, compared.degreesOfFreedom as number];
    return { ...welch(compared), p_greater: tTail(t, df), p_less: tCdf(t, df) };
  },
  'lift.mean.ci': ({ control, treatment, alpha }: Compared) => {
    const compared = compareMeans(control, treatment, alpha);
    const [mc, mt] = [control.mean as number, treatment.mean as number];
    const variance = (arm: Moments) => (arm.variance as number) / (arm.n * (arm.mean as number) ** 2);
    const logSe = Math.sqrt(variance(control) + variance(treatment));
    const crit = criticalT(alpha, compared.degreesOfFreedom as number);
    const [lower, upper] = [-1, 1].map((side) => (mt / mc) * Math.exp(side * crit * logSe) - 1);
    const log = mc > 0 && mt > 0 ? { log_se: logSe, log_lower: lower, log_upper: upper } : {};
    return { ...lift(compared, effectOf(effectOfMeans(control, treatment)), alpha), crit, ...log };
  },
  guardrail: (input: GuardrailInput) => {
    const control = { n: input.nc, mean: input.mc, variance: input.vc };
    const treatment = { n: input.nt, mean: input.mt, variance: input.vt };
    const direction = input.direction === 'increase_is_bad' ? 'decrease' : 'increase';
    const plan: GuardrailPlan = { direction, margin: input.margin_rel, alpha: input.alpha };
    const { verdict, pDeterioration, pNonInferiority } = guardrailOfMeans(control, treatment, plan);
    const gain = direction === 'decrease' ? input.margin_rel : -input.margin_rel;
    const atMargin = testEffect(effectOf(effectOfMeans(control, treatment)), gain);
    return {
      p_deterioration: pDeterioration,
      ni_t: atMargin?.statistic,
      ni_df: atMargin?.degreesOfFreedom,
      p_noninferiority: pNonInferiority,
      verdict,
    };
  },
  'ratio.delta': ({ control, treatment, alpha }: { control: RatioArm; treatment: RatioArm; alpha: number }) =>
    ratio(ratioArm(control), ratioArm(treatment), alpha),
  'ratio.delta.raw': (input: { control: RawRatioArm; treatment: RawRatioArm; alpha: number }) =>
    ratio(rawRatioArm(input.control), rawRatioArm(input.treatment), input.alpha),
  cuped: ({ arms, alpha }: { arms: CovariateArm[]; alpha: number }) => cuped(arms.map(covariateArm), alpha),
  'cuped.raw': ({ arms, alpha }: { arms: { x: number[]; y: number[] }[]; alpha: number }) =>
    cuped(
      arms.map(({ x, y }) => ({
        ...momentsOf(y),
        covariate: momentsOf(x),
        covariance: covariance(x, y),
      })),
      alpha,
    ),
};

export function ratioArm(arm: RatioArm): RatioMoments {
  return {
    n: arm.n,
    numerator: { mean: arm.mean_num, variance: arm.var_num },
    denominator: { mean: arm.mean_den, variance: arm.var_den },
    covariance: arm.cov,
  };
}

export function covariateArm(arm: CovariateArm): CovariateMoments {
  const covariate = arm.mean_x === null ? null : { mean: arm.mean_x, variance: arm.var_x };
  return { n: arm.n, mean: arm.mean_y, variance: arm.var_y, covariate, covariance: arm.cov_xy };
}

function rawRatioArm({ num, den }: RawRatioArm): RatioMoments {
  return {
    n: num.length,
    numerator: momentsOf(num),
    denominator: momentsOf(den),
    covariance: covariance(num, den),
  };
}

function covariance(x: readonly number[], y: readonly number[]): number {
  const [mx, my] = [momentsOf(x).mean as number, momentsOf(y).mean as number];
  return x.reduce((sum, value, i) => sum + (value - mx) * ((y[i] as number) - my), 0) / (x.length - 1);
}

function welch({ difference, standardError, statistic, degreesOfFreedom, p, interval }: Comparison) {
  return {
    diff: difference,
    se: standardError,
    t: statistic,
    df: degreesOfFreedom,
    p,
    ci_lower: interval?.lower,
    ci_upper: interval?.upper,
  };
}

/** Fieller's interval as the product has it, and the linear delta method's: the lift as if it were normal. */
function lift(compared: Comparison, { difference, baseline, treatment, control }: Effect, alpha: number) {
  const crit = criticalT(alpha, compared.degreesOfFreedom as number);
  const relative = difference / Math.abs(baseline);
  const variance =
    treatment.variance +
    control.variance +
    2 * Math.sign(baseline) * relative * control.baselineCovariance +
    relative ** 2 * control.baselineVariance;
  const linearSe = Math.sqrt(variance) / Math.abs(baseline);
  return {
    lift: compared.lift,
    linear_se: linearSe,
    linear_lower: relative - crit * linearSe,
    linear_upper: relative + crit * linearSe,
    fieller_g: (crit ** 2 * control.baselineVariance) / baseline ** 2,
    fieller_kind: compared.liftRegion && KINDS[compared.liftRegion],
    fieller_lower: compared.liftInterval?.lower ?? null,
    fieller_upper: compared.liftInterval?.upper ?? null,
  };
}

const KINDS = { interval: 'bounded', exclusive: 'exclusive', 'whole-line': 'whole_line' };

function ratio(control: RatioMoments, treatment: RatioMoments, alpha: number) {
  const compared = compareRatios(control, treatment, alpha);
  const [c, t] = [ratioMoments(control), ratioMoments(treatment)];
  return {
    control_ratio: c?.mean,
    treatment_ratio: t?.mean,
    control_linearised_variance: c?.variance,
    treatment_linearised_variance: t?.variance,
    control_se: Math.sqrt((c?.variance as number) / control.n),
    treatment_se: Math.sqrt((t?.variance as number) / treatment.n),
    ...welch(compared),
    ...lift(compared, effectOf(effectOfRatios(control, treatment)), alpha),
  };
}

function cuped(arms: readonly CovariateMoments[], alpha: number) {
  const { theta, correlation, covariateMean, arms: adjusted } = adjust(arms);
  const effects = adjustedEffects(arms);
  return {
    theta,
    theta_total_sample: slopeOfAll(arms),
    correlation: correlation ?? 0,
    covariate_mean: covariateMean,
    arms: adjusted.map(({ mean, variance }) => ({ adjusted_mean: mean, adjusted_variance: variance })),
    comparisons: compareAdjusted(arms, alpha).comparisons.map((compared, i) => ({
      ...welch(compared),
      variance_reduction: compared.varianceReduction,
      ...lift(compared, effectOf(effects[i] as { effect: Effect }), alpha),
    })),
  };
}

/** The slope over all units, whatever their arm: a difference between the arms leaks into it. */
function slopeOfAll(arms: readonly CovariateMoments[]): number {
  const n = arms.reduce((sum, arm) => sum + arm.n, 0);
  const meanOf = (of: (arm: CovariateMoments) => number) =>
    arms.reduce((sum, arm) => sum + arm.n * of(arm), 0) / n;
  const x = (arm: CovariateMoments) => arm.covariate?.mean as number;
  const y = (arm: CovariateMoments) => arm.mean as number;
  const [mx, my] = [meanOf(x), meanOf(y)];
  let [xx, xy] = [0, 0];
  for (const arm of arms) {
    xx += (arm.n - 1) * (arm.covariate?.variance as number) + arm.n * (x(arm) - mx) ** 2;
    xy += (arm.n - 1) * (arm.covariance as number) + arm.n * (x(arm) - mx) * (y(arm) - my);
  }
  return xx === 0 ? 0 : xy / xx;
}

function effectOf(prepared: { effect: Effect } | Comparison): Effect {
  if ('effect' in prepared) return prepared.effect;
  throw new Error(`no effect: ${prepared.reason}`);
}
