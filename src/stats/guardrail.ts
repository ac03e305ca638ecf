// Whether an arm harms a metric that it must not harm: harm and safety are each shown, or neither is.
import type { Reason } from './computed.ts';
import type { Count } from './count.ts';
import type { CovariateMoments } from './cuped.ts';
import type { Moments } from './moments.ts';
import type { RatioMoments } from './ratios.ts';

export interface GuardrailPlan {
  /** The good one. */
  direction: 'increase' | 'decrease';
  /** The loss that is still acceptable, relative to the baseline: 0.01 is 1 %. Null: none was stated, so nothing is ever safe. */
  margin: number | null;
  /** One-sided, in (0, 1). */
  alpha: number;
}

export interface Guardrail {
  verdict: 'harm' | 'safe' | 'inconclusive';
  pDeterioration: number | null;
  pNonInferiority: number | null;
  /** Why a p is null. */
  reason?: Reason;
}

export function guardrailOfMeans(_control: Moments, _treatment: Moments, _plan: GuardrailPlan): Guardrail {
  throw new Error('to come');
}

export function guardrailOfProportions(_control: Count, _treatment: Count, _plan: GuardrailPlan): Guardrail {
  throw new Error('to come');
}

export function guardrailOfRatios(
  _control: RatioMoments,
  _treatment: RatioMoments,
  _plan: GuardrailPlan,
): Guardrail {
  throw new Error('to come');
}

/** One for each arm after the first. */
export function guardrailsOfAdjusted(_arms: readonly CovariateMoments[], _plan: GuardrailPlan): Guardrail[] {
  throw new Error('to come');
}
