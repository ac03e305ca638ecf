// Answers a reference set's groups on power and sample size; variants that the product does not offer are computed here.
import { normalCdf, normalQuantile, normalTail } from '../../../src/stats/distributions/normal.ts';
import { tQuantile } from '../../../src/stats/distributions/t.ts';
import { cupedFactor, minimumEffectOfMeans, sampleSizeOfMeans } from '../../../src/stats/power/means.ts';
import {
  minimumEffectOfProportions,
  powerOfProportions,
  sampleSizeOfProportions,
} from '../../../src/stats/power/proportions.ts';
import { gaussLegendre } from '../../../src/stats/sequential/gauss-legendre.ts';

interface Rates {
  p_control: number;
  p_treatment: number;
  n_control: number;
  n_treatment: number;
  alpha: number;
}

interface MinimumEffectInput {
  p_control: number;
  n_control: number;
  n_treatment: number;
  alpha: number;
  power: number;
}

export const powerGroups = {
  'power.proportions': (input: Rates) => {
    const power = powerOfProportions({
      control: input.p_control,
      treatment: input.p_treatment,
      nControl: input.n_control,
      nTreatment: input.n_treatment,
      alpha: input.alpha,
    });
    return { power, power_two_tails: power + otherTail(input) };
  },
  'samplesize.proportions': (input: {
    p_control: number;
    p_treatment: number;
    alpha: number;
    power: number;
  }) => {
    const n = sampleSizeOfProportions({
      control: input.p_control,
      treatment: input.p_treatment,
      alpha: input.alpha,
      power: input.power,
    });
    return { n_per_arm: n, n_per_arm_ceil: n === null ? null : Math.ceil(n) };
  },
  'mde.proportions': (input: MinimumEffectInput) => {
    const { p_control: p, n_control, n_treatment, alpha, power } = input;
    const effect = minimumEffect(input);
    const z = normalQuantile(power) - normalQuantile(alpha / 2);
    return {
      mde_up_absolute: effect.up,
      mde_up_relative: effect.upRelative,
      mde_down_absolute: effect.down,
      mde_down_relative: effect.downRelative,
      mde_closed_form_absolute: z * Math.sqrt(p * (1 - p) * (1 / n_control + 1 / n_treatment)),
    };
  },
  'mde.means': (input: {
    variance_control: number;
    n_control: number;
    variance_treatment: number;
    n_treatment: number;
    mean_control: number;
    alpha: number;
    power: number;
  }) => {
    const { alpha, power } = input;
    const at = (factor: number) =>
      minimumEffectOfMeans({
        varianceControl: input.variance_control * factor,
        varianceTreatment: input.variance_treatment * factor,
        nControl: input.n_control,
        nTreatment: input.n_treatment,
        meanControl: input.mean_control,
        alpha,
        power,
      });
    const [varianceControl, varianceTreatment] = [input.variance_control, input.variance_control];
    const difference = at(1).up ?? 0;
    return {
      mde_absolute: at(1).up,
      mde_relative: at(1).upRelative,
      'mde_absolute_with_cuped_rho_0.5': at(cupedFactor(0.5)).up,
      n_per_arm_for_this_mde_equal_variance: sampleSizeOfMeans({
        difference,
        varianceControl,
        varianceTreatment,
        alpha,
        power,
      }),
    };
  },
  'power.means.exact': (input: { n_per_arm: number; delta: number; sd: number; alpha: number }) => ({
    power_exact_t: exactPower(input.n_per_arm, input.delta / input.sd, input.alpha),
    power_normal: powerOfMeans(input.n_per_arm, input.delta / input.sd, input.alpha),
  }),
};

export const degeneratePower = {
  mde: (input: MinimumEffectInput) => {
    const { up, upRelative, reason, cautions } = minimumEffect(input);
    return { values: { mde: up, mde_up_absolute: up, mde_relative: upRelative }, reason, cautions };
  },
};

function minimumEffect({ p_control, n_control, n_treatment, alpha, power }: MinimumEffectInput) {
  return minimumEffectOfProportions({
    control: p_control,
    nControl: n_control,
    nTreatment: n_treatment,
    alpha,
    power,
  });
}

/** The probability to find a difference of the wrong sign. */
function otherTail({ p_control: a, p_treatment: b, n_control: n, n_treatment: m, alpha }: Rates): number {
  const pooled = (n * a + m * b) / (n + m);
  const bound = -normalQuantile(alpha / 2) * Math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m));
  return normalCdf((-Math.abs(b - a) - bound) / Math.sqrt((a * (1 - a)) / n + (b * (1 - b)) / m));
}

/** Of a test of two arms of equal size and variance, in the direction of the effect, which is in standard deviations. */
export function powerOfMeans(n: number, effect: number, alpha: number): number {
  return normalCdf(Math.abs(effect) * Math.sqrt(n / 2) + normalQuantile(alpha / 2));
}

/** Student's test of two arms of equal size and variance: the noncentral t, integrated over the estimated standard deviation. */
function exactPower(n: number, effect: number, alpha: number): number {
  const df = 2 * (n - 1);
  const center = effect * Math.sqrt(n / 2);
  const bound = -tQuantile(alpha / 2, df);
  const reach = 12 / Math.sqrt(2 * df);
  const [lower, upper] = [Math.max(0, 1 - reach), 1 + reach];
  const { nodes, weights } = gaussLegendre(300);
  let [mass, power] = [0, 0];
  nodes.forEach((node, i) => {
    const s = lower + ((node + 1) * (upper - lower)) / 2;
    const weight = (weights[i] as number) * Math.exp((df - 1) * Math.log(s) - (df * (s * s - 1)) / 2);
    mass += weight;
    power += weight * (normalTail(bound * s - center) + normalTail(bound * s + center));
  });
  return power / mass;
}
