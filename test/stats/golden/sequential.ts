// Answers a reference set's groups on sequential plans; variants that the product does not offer are computed here.
import { normalTail } from '../../../src/stats/distributions/normal.ts';
import { adjustedP, inflation, lookAlpha, plannedBounds } from '../../../src/stats/sequential/plan.ts';
import { spendingBounds } from '../../../src/stats/sequential/spending.ts';

interface Plan {
  looks: number;
  alpha: number;
}

export const sequentialGroups = {
  'sequential.pocock': ({ looks, alpha }: Plan) => {
    const bound = pocockBound({ looks, alpha });
    return { critical_value: bound, nominal_p_per_look: 2 * normalTail(bound) };
  },
  'sequential.obrien_fleming': ({ looks, alpha }: Plan) => ({
    constant: plannedBounds(looks, alpha, 'obrien-fleming').at(-1),
    boundaries: plannedBounds(looks, alpha, 'obrien-fleming'),
  }),
  'sequential.spending': (input: { information_fractions: number[]; alpha: number }) => {
    const pocock = spendingBounds(input.information_fractions, input.alpha, 'pocock');
    const obrienFleming = spendingBounds(input.information_fractions, input.alpha, 'obrien-fleming');
    return {
      pocock_type: pocock.map(({ bound }) => bound),
      pocock_type_cumulative_alpha: pocock.map(({ cumulativeAlpha }) => cumulativeAlpha),
      obrien_fleming_type: obrienFleming.map(({ bound }) => bound),
      obrien_fleming_type_cumulative_alpha: obrienFleming.map(({ cumulativeAlpha }) => cumulativeAlpha),
    };
  },
  'sequential.pocock.adjusted_p': (input: { looks: number; max_abs_z_so_far: number }) => ({
    pocock_adjusted_p: adjustedP(input.looks, input.max_abs_z_so_far, 'pocock'),
  }),
  'sequential.inflation': ({ looks, alpha, power }: Plan & { power: number }) => {
    const pocock = inflation(looks, alpha, power, 'pocock');
    return {
      pocock_max_sample_inflation: pocock.sample,
      obrien_fleming_max_sample_inflation: inflation(looks, alpha, power, 'obrien-fleming').sample,
      pocock_mde_inflation: pocock.effect,
    };
  },
  'sequential.msprt': (input: { delta: number; se: number; tau: number; alpha: number }) => {
    const logRatio = logMixtureRatio(input.delta, input.se ** 2, input.tau ** 2);
    const [v, wide] = [input.se ** 2, input.se ** 2 + input.tau ** 2];
    const halfWidth = Math.sqrt(
      ((v * wide) / input.tau ** 2) * (2 * Math.log(1 / input.alpha) + Math.log(wide / v)),
    );
    return {
      log_likelihood_ratio: logRatio,
      p_always_valid: Math.min(1, Math.exp(-logRatio)),
      half_width: halfWidth,
      ci_lower: input.delta - halfWidth,
      ci_upper: input.delta + halfWidth,
    };
  },
  'sequential.asymptotic_cs': (input: {
    delta: number;
    se: number;
    n: number;
    n_star: number;
    alpha: number;
  }) => {
    const { n, alpha } = input;
    const logAlpha = Math.log(alpha);
    const rhoSquare = (-2 * logAlpha + Math.log(1 - 2 * logAlpha)) / input.n_star;
    const grown = n * rhoSquare + 1;
    const factor = Math.sqrt((2 * grown * Math.log(Math.sqrt(grown) / alpha)) / (n * n * rhoSquare));
    const logRatio = logMixtureRatio(input.delta, input.se ** 2, rhoSquare * input.se ** 2 * n);
    return {
      rho: Math.sqrt(rhoSquare),
      half_width: input.se * Math.sqrt(n) * factor,
      p_always_valid: Math.min(1, Math.exp(-logRatio)),
    };
  },
};

/** The likelihood of a normal mixture of effects around 0 over that of none (Robbins 1970). */
function logMixtureRatio(delta: number, variance: number, mixed: number): number {
  const wide = variance + mixed;
  return Math.log(variance / wide) / 2 + (delta * delta * mixed) / (2 * variance * wide);
}

function pocockBound({ looks, alpha }: Plan): number {
  return plannedBounds(looks, alpha, 'pocock')[0] as number;
}

/** Looks beyond a plan, and looks at information that does what it should not. */
export const degenerateSequential = {
  pocock: (plan: Plan) => ({ values: { critical_value: pocockBound(plan) } }),
  pocock_monitor: (input: { planned_looks: number; look: number; alpha: number }) => ({
    values: { nominal_alpha: lookAlpha(input.look, input.planned_looks, input.alpha, 'pocock') },
  }),
  spending_monitor: (input: { information_fractions: number[]; alpha: number }) => {
    const looks = spendingBounds(input.information_fractions, input.alpha, 'pocock');
    const last = looks.at(-1);
    return {
      values: { cumulative_alpha: last?.cumulativeAlpha, look_2_alpha_spent: looks[1]?.alphaSpent },
      cautions: last?.cautions,
    };
  },
};
