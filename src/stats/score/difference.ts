// Mee's score interval of the difference of two rates, by way of the Lagrange multiplier of the restricted likelihood.
import { type Count, rateDifference } from '../count.ts';
import { rootBetween } from '../root.ts';

/**
 * The differences δ = pt - pc with (d - δ)² <= z² V~(δ), where V~ = pt qt/nt + pc qc/nc at the most likely rates that differ by δ
 * (Mee 1984; Miettinen & Nurminen 1985 without their N/(N-1)). At δ = 0 these rates are pooled, so that the interval excludes 0
 * exactly when Pearson's chi-square exceeds z². Both n >= 1, z > 0; the ends are within [-1, 1].
 */
export function differenceInterval(control: Count, treatment: Count, z: number): [number, number] {
  return [lowerEnd(control, treatment, z), -lowerEnd(treatment, control, z)];
}

/**
 * With the multiplier λ, the restricted rates satisfy xt - nt pt = λ pt qt and xc - nc pc = -λ pc qc, so that d - δ = λ V~ and the
 * statistic is λ² V~: the end is where λ sqrt(V~) = z, and no cubic is to be solved.
 */
function lowerEnd(control: Count, treatment: Count, z: number): number {
  const d = rateDifference(control, treatment);
  if (d === -1) return -1;
  const variance = (multiplier: number) =>
    binomialVariance(treatment, multiplier) + binomialVariance(control, -multiplier);
  const excess = (multiplier: number) => multiplier * Math.sqrt(variance(multiplier)) - z;
  let [from, to] = [0, z / Math.sqrt(variance(0)) || 1];
  if (!Number.isFinite(to)) to = 1;
  while (excess(to) < 0) [from, to] = [to, 2 * to];
  const end = d - z * Math.sqrt(variance(rootBetween(excess, from, to, to * 1e-14)));
  return Math.max(-1, Math.min(end, d));
}

/** p q / n, where p is restricted; q by its own equation, so that both are exact however small. */
function binomialVariance({ conversions, n }: Count, multiplier: number): number {
  return (restrictedRate(conversions, n, multiplier) * restrictedRate(n - conversions, n, -multiplier)) / n;
}

/** The p in [0, 1] with x - n p = λ p (1 - p): a root of λ p² - (n + λ) p + x, without cancellation. */
function restrictedRate(x: number, n: number, multiplier: number): number {
  const sum = n + multiplier;
  const discriminant =
    multiplier > 0 ? (n - multiplier) ** 2 + 4 * multiplier * (n - x) : sum ** 2 - 4 * multiplier * x;
  const root = Math.sqrt(discriminant);
  return sum > 0 ? (2 * x) / (sum + root) : (sum - root) / (2 * multiplier);
}
