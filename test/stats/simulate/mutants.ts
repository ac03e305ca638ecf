// Wrong computations that are common in the field: the simulation plan must find each of them.
import type { Count } from '../../../src/stats/count.ts';
import { chiSquareTail } from '../../../src/stats/distributions/chi-square.ts';
import { normalTail } from '../../../src/stats/distributions/normal.ts';
import { tTwoSided } from '../../../src/stats/distributions/t.ts';
import type { Moments } from '../../../src/stats/moments.ts';
import type { RatioMoments } from '../../../src/stats/ratios.ts';
import type { All, InCommon } from '../../../src/stats/sequential/information.ts';

const sideOf = ({ n, mean, variance }: Moments) => ({ n, mean: mean ?? 0, variance: variance ?? 0 });

/** Pearson's chi-square with Yates' correction: too few alarms. */
export function yates(control: Count, treatment: Count): number | null {
  const pooled = (control.conversions + treatment.conversions) / (control.n + treatment.n);
  if (pooled === 0 || pooled === 1) return null;
  let statistic = 0;
  for (const { conversions, n } of [control, treatment]) {
    const off = Math.max(0, Math.abs(conversions - n * pooled) - 0.5) ** 2;
    statistic += off / (n * pooled) + off / (n * (1 - pooled));
  }
  return chiSquareTail(statistic, 1);
}

/** Student's t with one variance for both arms. */
export function pooledT(control: Moments, treatment: Moments): number {
  const [a, b] = [sideOf(control), sideOf(treatment)];
  const df = a.n + b.n - 2;
  const variance = ((a.n - 1) * a.variance + (b.n - 1) * b.variance) / df;
  return tTwoSided((b.mean - a.mean) / Math.sqrt(variance * (1 / a.n + 1 / b.n)), df);
}

/** The normal distribution in place of t. */
export function zTest(control: Moments, treatment: Moments): number {
  const [a, b] = [sideOf(control), sideOf(treatment)];
  return 2 * normalTail(Math.abs(b.mean - a.mean) / Math.sqrt(a.variance / a.n + b.variance / b.n));
}

/** No sequential correction. */
export function uncorrected(): number {
  return 0.05;
}

/** "No significant harm" taken for "safe". */
export function notHarmed(control: Moments, treatment: Moments): boolean {
  return zTest(control, treatment) > 0.05;
}

/** Each session counted as if it were a user of its own. */
export function sessionsAsUnits(control: RatioMoments, treatment: RatioMoments): number | null {
  const [a, b] = [control, treatment].map(({ n, numerator, denominator }) => ({
    conversions: n * (numerator.mean ?? 0),
    n: n * (denominator.mean ?? 0),
  })) as [Count, Count];
  const pooled = (a.conversions + b.conversions) / (a.n + b.n);
  const difference = b.conversions / b.n - a.conversions / a.n;
  return 2 * normalTail(Math.abs(difference) / Math.sqrt(pooled * (1 - pooled) * (1 / a.n + 1 / b.n)));
}

/** Information taken to grow as units do, whatever those who came before have told since. */
export function growthOfUnits({ n }: InCommon, all: All): number {
  return all.n / n;
}
