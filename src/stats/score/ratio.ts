// Koopman's score test and interval of the ratio of two rates, by way of the Lagrange multiplier of the restricted likelihood.
import type { Count } from '../count.ts';
import { rootBetween } from '../root.ts';

/*
 * The most likely rates with pt = ρ pc are, for a κ (the multiplier times pt), pt = (xt - κ)/(nt - κ) and pc = (xc + κ)/(nc + κ).
 * So the score statistic (p̂t - ρ p̂c)² / (pt qt/nt + ρ² pc qc/nc) becomes κ² ((nt - xt)/(nt (xt - κ)) + (nc - xc)/(nc (xc + κ))).
 * From κ = 0, where ρ is the observed ratio, to κ = xt, where it is 0, ρ falls and the statistic rises. If all of the treatment
 * converted, pt stays 1 until κ = nt, and then falls while κ stays.
 */

/**
 * The ratios ρ = pt/pc whose score statistic is at most z² (Koopman 1984). At ρ = 1 it is Pearson's chi-square, so that the
 * interval excludes 1 exactly when that exceeds z². From 0 to infinite; both n >= 1, z > 0.
 */
export function ratioInterval(control: Count, treatment: Count, z: number): [number, number] {
  return [lowerEnd(control, treatment, z), 1 / lowerEnd(treatment, control, z)];
}

/**
 * z of the hypothesis pt = ρ pc for 0 < ρ < infinite: positive where the treatment is above; null where nothing converted at
 * all.
 */
export function ratioStatistic(control: Count, treatment: Count, ratio: number): number | null {
  if (control.conversions + treatment.conversions === 0) return null;
  const excess = treatment.conversions / treatment.n - ratio * (control.conversions / control.n);
  if (excess < 0) return -aboveRatio(treatment, control, 1 / ratio);
  return excess === 0 ? 0 : aboveRatio(control, treatment, ratio);
}

function lowerEnd(control: Count, treatment: Count, z: number): number {
  const { conversions: x, n } = treatment;
  if (x === 0) return 0;
  const excess = (kappa: number) => statistic(control, treatment, kappa) - z * z;
  if (x < n || excess(n) >= 0) return ratioAt(control, treatment, rootBetween(excess, 0, x, 0));
  const ofTreatment = 1 / (1 - excess(n) / n);
  return ofTreatment / restrictedControl(control, n);
}

/** The root of the statistic of a ratio below the observed one. */
function aboveRatio(control: Count, treatment: Count, ratio: number): number {
  const { conversions: x, n } = treatment;
  if (x < n || ratioAt(control, treatment, n) <= ratio) {
    const kappa = rootBetween((at) => ratioAt(control, treatment, at) - ratio, 0, x, 0);
    return Math.sqrt(statistic(control, treatment, kappa));
  }
  const ofTreatment = ratio * restrictedControl(control, n);
  return Math.sqrt(statistic(control, treatment, n) + (n * (1 - ofTreatment)) / ofTreatment);
}

function statistic(control: Count, treatment: Count, kappa: number): number {
  return kappa === 0 ? 0 : kappa * kappa * (part(treatment, -kappa) + part(control, kappa));
}

/** (1 - p) / (n p) at p = (x + κ)/(n + κ): 0 where all converted. */
function part({ conversions, n }: Count, kappa: number): number {
  return conversions === n ? 0 : (n - conversions) / n / (conversions + kappa);
}

function ratioAt(control: Count, treatment: Count, kappa: number): number {
  const { conversions: x, n } = treatment;
  return (x === n ? 1 : (x - kappa) / (n - kappa)) / restrictedControl(control, kappa);
}

function restrictedControl({ conversions, n }: Count, kappa: number): number {
  return (conversions + kappa) / (n + kappa);
}
