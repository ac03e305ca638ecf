// Whether an arm harms a metric that it must not harm: harm and safety are each shown, or neither is.
import { type Comparison, lackingSide, pValue } from './comparison.ts';
import { InvalidInputError, type Reason } from './computed.ts';
import { type Count, checkRate } from './count.ts';
import { adjustedEffects, type CovariateMoments } from './cuped.ts';
import { normalCdf } from './distributions/normal.ts';
import { tCdf } from './distributions/t.ts';
import { type Effect, testEffect } from './effect.ts';
import { checkAlpha } from './input.ts';
import { effectOfMeans } from './means.ts';
import type { Moments } from './moments.ts';
import { pooledZ, sameForAll } from './proportions.ts';
import { effectOfRatios, type RatioMoments } from './ratios.ts';
import { ratioStatistic } from './score/ratio.ts';

export interface GuardrailPlan {
  /** The good one. */
  direction: 'increase' | 'decrease';
  /**
   * The loss that is still acceptable, relative to the absolute value of the baseline, from 0: 0.01 is 1 %. Null: none was stated, so
   * nothing is ever safe.
   */
  margin: number | null;
  /** One-sided, in (0, 1), for each of the two tests. */
  alpha: number;
}

export interface Guardrail {
  /**
   * `harm` where a loss is shown (pDeterioration < alpha); else `safe` where a loss beyond the margin is excluded
   * (pNonInferiority < alpha); else `inconclusive`, which is not safe.
   */
  verdict: 'harm' | 'safe' | 'inconclusive';
  /** Of no loss, one-sided. */
  pDeterioration: number | null;
  /** Of a loss of the margin or more, one-sided. */
  pNonInferiority: number | null;
  /** Why a p is null; not where no margin was stated. */
  reason?: Reason;
}

/**
 * One-sided Welch tests of mt = mc and of mt = k mc, where k = 1 - margin for what should increase and 1 + margin for what should
 * not: t = (mt - k mc) / sqrt(vt/nt + k² vc/nc) (Schultzberg et al. 2024; the ratio's form by Sasabuchi 1988).
 * @throws InvalidInputError `alpha-out-of-range`, `margin-out-of-range`, and as compareMeans
 */
export function guardrailOfMeans(control: Moments, treatment: Moments, plan: GuardrailPlan): Guardrail {
  return guardrailOfEffect(effectOfMeans(control, treatment), plan);
}

/** The same on ratios and their linearised variances. @throws InvalidInputError as guardrailOfMeans, and as compareRatios */
export function guardrailOfRatios(
  control: RatioMoments,
  treatment: RatioMoments,
  plan: GuardrailPlan,
): Guardrail {
  return guardrailOfEffect(effectOfRatios(control, treatment), plan);
}

/**
 * The same on adjusted means, with the margin relative to the unadjusted baseline: one for each arm after the first.
 * @throws InvalidInputError as guardrailOfMeans, and as compareAdjusted
 */
export function guardrailsOfAdjusted(arms: readonly CovariateMoments[], plan: GuardrailPlan): Guardrail[] {
  return adjustedEffects(arms).map((prepared) => guardrailOfEffect(prepared, plan));
}

/**
 * One-sided score tests of pt = pc (Pearson's z) and of pt = k pc (Koopman 1984), as compareProportions has them two-sided.
 * @throws InvalidInputError as guardrailOfMeans, and as compareProportions
 */
export function guardrailOfProportions(control: Count, treatment: Count, plan: GuardrailPlan): Guardrail {
  checkRate(control, 'the control');
  checkRate(treatment, 'the treatment');
  const margin = signedMargin(plan);
  if (lackingSide(control, treatment, 1)) return verdict(plan, null, null, 'no data');
  const z = pooledZ(control, treatment);
  const isRelative = margin !== null && margin > -1 && control.conversions > 0;
  const zAtMargin = isRelative ? ratioStatistic(control, treatment, 1 + margin) : null;
  const sign = plan.direction === 'increase' ? 1 : -1;
  const [pDeterioration, pNonInferiority] = [z, zAtMargin && -zAtMargin].map((statistic) =>
    statistic === null ? null : pValue(normalCdf(sign * statistic)),
  ) as [number | null, number | null];
  return verdict(plan, pDeterioration, pNonInferiority, reasonOfRates(control, z));
}

/** Why a p is null. No rate can be lower by more than all of it: such a margin excludes nothing. */
function reasonOfRates(control: Count, z: number | null): Reason {
  if (z === null) return sameForAll(control);
  return control.conversions === 0 ? 'zero baseline' : 'not attainable';
}

function guardrailOfEffect(prepared: { effect: Effect } | Comparison, plan: GuardrailPlan): Guardrail {
  const margin = signedMargin(plan);
  if (!('effect' in prepared)) return verdict(plan, null, null, prepared.reason as Reason);
  const { effect } = prepared;
  const sign = plan.direction === 'increase' ? 1 : -1;
  const isRelative = margin !== null && effect.baseline !== 0;
  const test = testEffect(effect);
  const atMargin = isRelative ? testEffect(effect, margin * Math.sign(effect.baseline)) : null;
  return verdict(
    plan,
    test && pValue(tCdf(sign * test.statistic, test.degreesOfFreedom)),
    atMargin && pValue(tCdf(-sign * atMargin.statistic, atMargin.degreesOfFreedom)),
    test === null ? 'zero variance' : 'zero baseline',
  );
}

/** A gain by it, as a part of the baseline, is the loss that is still acceptable: negative for what should increase. */
function signedMargin({ direction, margin, alpha }: GuardrailPlan): number | null {
  checkAlpha(alpha);
  if (margin === null) return null;
  if (margin >= 0 && Number.isFinite(margin)) return direction === 'increase' ? -margin : margin;
  throw new InvalidInputError('margin-out-of-range', `A margin is 0 or more, and not ${margin}.`);
}

function verdict(
  { alpha, margin }: GuardrailPlan,
  pDeterioration: number | null,
  pNonInferiority: number | null,
  reason: Reason,
): Guardrail {
  const isHarm = pDeterioration !== null && pDeterioration < alpha;
  const isSafe = pNonInferiority !== null && pNonInferiority < alpha;
  const isLacking = pDeterioration === null || (pNonInferiority === null && margin !== null);
  return {
    verdict: isHarm ? 'harm' : isSafe ? 'safe' : 'inconclusive',
    pDeterioration,
    pNonInferiority,
    ...(isLacking ? { reason } : {}),
  };
}
