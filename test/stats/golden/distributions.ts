// Answers a reference set's groups on distributions and moments.
import { chiSquareTail } from '../../../src/stats/distributions/chi-square.ts';
import { normalCdf, normalQuantile, normalTail } from '../../../src/stats/distributions/normal.ts';
import { tCdf, tQuantile, tTail, tTwoSided } from '../../../src/stats/distributions/t.ts';
import type { Moments } from '../../../src/stats/moments.ts';
import { chiSquareCdf, chiSquareTailQuantile } from './variants/chi-square.ts';
import { mergeMoments, momentsOf } from './variants/moments.ts';
import { percentile, winsorise } from './variants/winsorise.ts';

interface Partial {
  n: number;
  mean: number;
  sum_sq_dev: number;
}

export const distributionGroups = {
  'dist.normal.cdf': ({ x }: { x: number }) => ({
    cdf: normalCdf(x),
    sf: normalTail(x),
    cdf_of_minus_x: normalCdf(-x),
  }),
  'dist.normal.quantile': ({ upper_tail_prob: area }: { upper_tail_prob: number }) => ({
    isf: -normalQuantile(area),
    ppf: normalQuantile(area),
  }),
  'dist.t.cdf': ({ t, df }: { t: number; df: number }) => ({
    cdf: tCdf(t, df),
    sf: tTail(t, df),
    two_sided: tTwoSided(t, df),
  }),
  'dist.t.quantile': ({ upper_tail_prob: area, df }: { upper_tail_prob: number; df: number }) => ({
    isf: -tQuantile(area, df),
  }),
  'dist.t.huge_df': ({ t, df }: { t: number; df: number }) => ({
    sf: tTail(t, df),
    'isf_at_0.025': -tQuantile(0.025, df),
  }),
  'dist.chi2.cdf': ({ x, df }: { x: number; df: number }) => ({
    cdf: chiSquareCdf(x, df),
    sf: chiSquareTail(x, df),
  }),
  'dist.chi2.quantile': ({ upper_tail_prob: area, df }: { upper_tail_prob: number; df: number }) => ({
    isf: chiSquareTailQuantile(area, df),
  }),
};

export const momentGroups = {
  'moments.raw': ({ values }: { values: number[] }) => withSquares(momentsOf(values)),
  'moments.merge': ({ a, b }: { a: Partial; b: Partial }) =>
    withSquares(mergeMoments(moments(a), moments(b))),
  winsorise: ({ values, upper_percentile }: { values: number[]; upper_percentile: number }) => {
    const cap = percentile(values, upper_percentile);
    const { mean, variance } = momentsOf(winsorise(values, cap as number));
    return { cap, mean, variance };
  },
};

function moments({ n, mean, sum_sq_dev }: Partial): Moments {
  return { n, mean, variance: n < 2 ? null : sum_sq_dev / (n - 1) };
}

function withSquares({ n, mean, variance }: Moments) {
  return { n, mean, variance, sum_sq_dev: (variance ?? 0) * (n - 1) };
}
