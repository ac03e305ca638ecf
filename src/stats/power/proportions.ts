// How many units a binary metric needs, and what it can show with those that there are.
import { type Caution, InvalidInputError, type Reason } from '../computed.ts';
import { normalCdf } from '../distributions/normal.ts';
import { checkCount } from '../input.ts';
import { rootBetween } from '../root.ts';
import { checkRatio, powerZ, twoSidedZ } from './design.ts';

/** The smallest effect that has the power asked for. */
export interface MinimumEffect {
  /** Above and below the baseline, absolute and both positive; null where no effect of that direction has the power. */
  up: number | null;
  down: number | null;
  /** The same over the baseline's absolute value; null where that is 0 too. */
  upRelative: number | null;
  downRelative: number | null;
  /** Why both are null. */
  reason?: Reason;
  cautions: Caution[];
}

export interface ProportionsDesign {
  /** Rates, in [0, 1]. */
  control: number;
  treatment: number;
  /** Units, above 0. */
  nControl: number;
  nTreatment: number;
  /** Two-sided, in (0, 1). */
  alpha: number;
}

/**
 * The probability that Pearson's chi-square finds the difference, in its direction: Phi((|d| - z SE0) / SE1), where SE0 is the standard
 * error of equal rates and SE1 that of the true ones (Fleiss 1981; R's power.prop.test, strict = FALSE). alpha/2 for equal rates.
 * @throws InvalidInputError `rate-out-of-range`, `no-units`, `alpha-out-of-range`
 */
export function powerOfProportions(design: ProportionsDesign): number {
  const { control, treatment, nControl, nTreatment, alpha } = design;
  for (const rate of [control, treatment]) checkRate(rate);
  for (const n of [nControl, nTreatment]) {
    if (!(n > 0 && Number.isFinite(n))) throw new InvalidInputError('no-units', `An arm has ${n} units.`);
  }
  const z = twoSidedZ(alpha);
  if (control === treatment) return alpha / 2;
  const pooled = (nControl * control + nTreatment * treatment) / (nControl + nTreatment);
  const se0 = Math.sqrt(pooled * (1 - pooled) * (1 / nControl + 1 / nTreatment));
  const se1 = Math.sqrt((control * (1 - control)) / nControl + (treatment * (1 - treatment)) / nTreatment);
  return normalCdf((Math.abs(treatment - control) - z * se0) / se1);
}

/**
 * Units of the control arm, not rounded, so that Pearson's chi-square finds this difference with `power`; the treatment arm needs `ratio`
 * times as many (1 if not given). n = ((z SE0 + z_power SE1) / d)² with both standard errors at n = 1 (Fleiss 1981; R's power.prop.test).
 * Null where the rates are equal: no size shows that.
 * @throws InvalidInputError `rate-out-of-range`, `alpha-out-of-range`, `power-not-above-alpha`, `ratio-not-positive`
 */
export function sampleSizeOfProportions(need: {
  control: number;
  treatment: number;
  alpha: number;
  power: number;
  ratio?: number;
}): number | null {
  const { control, treatment, alpha, power, ratio = 1 } = need;
  for (const rate of [control, treatment]) checkRate(rate);
  checkRatio(ratio);
  const [z, zPower] = [twoSidedZ(alpha), powerZ(power, alpha)];
  if (control === treatment) return null;
  const pooled = (control + ratio * treatment) / (1 + ratio);
  const se0 = Math.sqrt(pooled * (1 - pooled) * (1 + 1 / ratio));
  const se1 = Math.sqrt(control * (1 - control) + (treatment * (1 - treatment)) / ratio);
  return ((z * se0 + zPower * se1) / (treatment - control)) ** 2;
}

/**
 * The smallest effects up and down that powerOfProportions gives `power`, by root search within [0, 1]. They differ, since the variance
 * of a rate depends on the rate; a closed form at the control's variance misses both, and says 0 for a baseline of 0.
 * @throws InvalidInputError `rate-out-of-range`, `alpha-out-of-range`, `power-not-above-alpha`, and for n as every count
 */
export function minimumEffectOfProportions(design: {
  control: number;
  nControl: number;
  nTreatment: number;
  alpha: number;
  power: number;
}): MinimumEffect {
  const { control, nControl, nTreatment, alpha, power } = design;
  checkRate(control);
  checkCount(nControl, 'n of the control');
  checkCount(nTreatment, 'n of the treatment');
  powerZ(power, alpha);
  if (nControl === 0 || nTreatment === 0) return effectOf(null, null, control, 'no data');
  const search = (direction: 1 | -1, most: number) => {
    const excess = (effect: number) => {
      const treatment = Math.min(1, Math.max(0, control + direction * effect));
      return powerOfProportions({ control, treatment, nControl, nTreatment, alpha }) - power;
    };
    return most > 0 && excess(most) >= 0 ? rootBetween(excess, 0, most, 1e-16) : null;
  };
  return effectOf(search(1, 1 - control), search(-1, control), control, 'not attainable');
}

/** Both directions, and relative to the baseline where it is not 0. `reason` is said where there is neither. */
export function effectOf(
  up: number | null,
  down: number | null,
  baseline: number,
  reason: Reason,
): MinimumEffect {
  const relative = (effect: number | null) =>
    effect === null || baseline === 0 ? null : effect / Math.abs(baseline);
  return {
    up,
    down,
    upRelative: relative(up),
    downRelative: relative(down),
    ...(up === null && down === null ? { reason } : {}),
    cautions: baseline === 0 ? ['zero baseline'] : [],
  };
}

function checkRate(rate: number): void {
  if (rate >= 0 && rate <= 1) return;
  throw new InvalidInputError('rate-out-of-range', `A rate is between 0 and 1, and not ${rate}.`);
}
