// Answers a reference set's groups on the split between arms and on families of p-values.
import { benjaminiHochberg, holm } from '../../../src/stats/multiple.ts';
import { alwaysValidSampleRatio, MISMATCH_ALPHA, sampleRatio } from '../../../src/stats/sample-ratio.ts';

interface Split {
  observed: number[];
  weights: number[];
}

interface Family {
  p: (number | null)[];
}

export const familyGroups = {
  'srm.chisq': ({ observed, weights }: Split) => {
    const { statistic, degreesOfFreedom, expected, p } = sampleRatio(observed, weights);
    const isBelow = (limit: number) => p !== null && p < limit;
    const flags = { flag_at_0_001: isBelow(MISMATCH_ALPHA), flag_at_0_01: isBelow(0.01) };
    return { statistic, df: degreesOfFreedom, expected, p, ...flags };
  },
  'srm.sequential': (input: {
    observed_cumulative: number[];
    weights: number[];
    dirichlet_concentration: number;
  }) => {
    const { observed_cumulative, weights, dirichlet_concentration } = input;
    const { logBayesFactor, p } = alwaysValidSampleRatio(
      observed_cumulative,
      weights,
      dirichlet_concentration,
    );
    return { log_bayes_factor: logBayesFactor, p_always_valid: p };
  },
  'multiple.adjust': ({ p }: Family) => {
    const family = p.filter((value) => value !== null).length;
    return {
      holm: holm(p),
      benjamini_hochberg: benjaminiHochberg(p),
      bonferroni: p.map((value) => (value === null ? null : Math.min(1, family * value))),
    };
  },
};

export const degenerateFamilies = {
  srm: ({ observed, weights }: Split) => {
    const { p, degreesOfFreedom, isMismatch, reason, cautions } = sampleRatio(observed, weights);
    return { values: { p, df: degreesOfFreedom, mismatch: isMismatch }, reason, cautions };
  },
  adjust: ({ p }: Family) => ({ values: { adjusted: holm(p), bh: benjaminiHochberg(p) } }),
};
