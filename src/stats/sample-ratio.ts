// Whether units were split between the arms as planned. If not, what made them go astray biases every metric.
import { type Caution, InvalidInputError, type Reason } from './computed.ts';
import { chiSquareTail } from './distributions/chi-square.ts';
import { checkCount, checkFinite } from './input.ts';
import { multinomialLogBayesFactor } from './multinomial-bayes-factor.ts';

/** Below this p a split is called broken (Fabijan et al. 2019; Kohavi, Tang & Xu 2020, ch. 21). */
export const MISMATCH_ALPHA = 0.001;
/** Below this many expected units in an arm, the chi-square distribution is no guide. */
const FEWEST_EXPECTED = 5;

export interface SampleRatio {
  /** Pearson's X²; null where p is, and where an arm of weight 0 got units: then it is infinite. */
  statistic: number | null;
  /** Arms with a weight above 0, less one; null where p is. */
  degreesOfFreedom: number | null;
  /** In (0, 1]; one too small for a number is the smallest number, also where the plan cannot give this split at all. */
  p: number | null;
  /** Units that the plan expects of each arm, in their order; empty where nothing was planned or seen. */
  expected: number[];
  /** p < MISMATCH_ALPHA; with low counts, a bound on the exact p is; always where an arm of weight 0 got units. */
  isMismatch: boolean;
  /** Why p is null. */
  reason?: Reason;
  cautions: Caution[];
}

export interface AlwaysValidSampleRatio {
  /** Natural logarithm of the evidence against the planned split; null where p is, and where it is infinite. */
  logBayesFactor: number | null;
  p: number | null;
  /** p < MISMATCH_ALPHA. */
  isMismatch: boolean;
  reason?: Reason;
  cautions: Caution[];
}

/**
 * Pearson's goodness of fit: X² = sum (O - E)² / E with E = N w / sum w, p from chi-square with k - 1 degrees of freedom, for one look.
 * An arm of weight 0 without units does not count in k; one with units is a mismatch whatever the rest says.
 * `observed` are units per arm, `weights` 0 or more in any scale, in the same order.
 * @throws InvalidInputError `length-mismatch`, `negative-weight`, `weights-sum-to-zero`, `not-finite`, and for units as every count
 */
export function sampleRatio(observed: readonly number[], weights: readonly number[]): SampleRatio {
  const split = checkedSplit(observed, weights);
  const { total, expected, isAstray } = split;
  const nothing = { statistic: null, degreesOfFreedom: null, p: null, isMismatch: false, cautions: [] };
  if (total === 0) return { ...nothing, expected: [], reason: 'no data' };
  const degreesOfFreedom = weights.filter((weight) => weight > 0).length - 1;
  if (isAstray) {
    const cautions: Caution[] = ['traffic in an arm of weight 0'];
    return { ...nothing, degreesOfFreedom, p: Number.MIN_VALUE, expected, isMismatch: true, cautions };
  }
  if (degreesOfFreedom === 0) return { ...nothing, expected, reason: 'fewer than two arms' };
  let statistic = 0;
  let fewest = Number.POSITIVE_INFINITY;
  expected.forEach((count, arm) => {
    if (count === 0) return;
    statistic += ((observed[arm] as number) - count) ** 2 / count;
    fewest = Math.min(fewest, count);
  });
  const p = Math.max(Number.MIN_VALUE, chiSquareTail(statistic, degreesOfFreedom));
  const found = { statistic, degreesOfFreedom, p, expected };
  if (fewest >= FEWEST_EXPECTED) return { ...found, isMismatch: p < MISMATCH_ALPHA, cautions: [] };
  const isMismatch = boundOfExactP(observed, expected, total) < MISMATCH_ALPHA;
  return { ...found, isMismatch, cautions: ['low counts'] };
}

/**
 * Not below the p of an exact test, however few units there are: that an arm is as far off is at most 2 exp(-N KL(O/N, E/N)), and one of k
 * arms is at most k times that (Chernoff 1952; Hoeffding 1963).
 */
function boundOfExactP(observed: readonly number[], expected: readonly number[], total: number): number {
  const farthest = expected.map((count, arm) => {
    const seen = observed[arm] as number;
    return seen === 0 && count === 0 ? 0 : part(seen, count) + part(total - seen, total - count);
  });
  return 2 * observed.length * Math.exp(-Math.max(...farthest));
}

function part(seen: number, planned: number): number {
  return seen === 0 ? 0 : seen * Math.log(seen / planned);
}

/**
 * The same question for as many looks as one likes, also after every unit: the probability that p ever falls to alpha without a
 * mismatch is at most alpha, at any size. p = min(1, 1 / Bayes factor), of a Dirichlet of `concentration` times the planned shares
 * against the planned split (Lindon & Malek 2022). The larger the concentration, the smaller the deviations it is made for.
 * A caller who looks repeatedly keeps the smallest p. Without units p is 1: there is no evidence yet.
 * @throws InvalidInputError as sampleRatio, `concentration-not-positive`, `out-of-range` where a share of it is next to nothing
 */
export function alwaysValidSampleRatio(
  observed: readonly number[],
  weights: readonly number[],
  concentration = 10_000,
): AlwaysValidSampleRatio {
  const { isAstray } = checkedSplit(observed, weights);
  if (!(concentration > 0 && Number.isFinite(concentration))) {
    throw new InvalidInputError('concentration-not-positive', `The concentration is ${concentration}.`);
  }
  const nothing = { logBayesFactor: null, p: null, isMismatch: false, cautions: [] };
  if (isAstray) {
    const cautions: Caution[] = ['traffic in an arm of weight 0'];
    return { ...nothing, p: Number.MIN_VALUE, isMismatch: true, cautions };
  }
  const arms = observed.flatMap((count, arm) =>
    (weights[arm] as number) > 0 ? [{ count, weight: weights[arm] as number }] : [],
  );
  if (arms.length < 2) return { ...nothing, reason: 'fewer than two arms' };
  const logBayesFactor = multinomialLogBayesFactor(arms, concentration);
  if (!Number.isFinite(logBayesFactor)) {
    throw new InvalidInputError('out-of-range', 'Weights, or the concentration, are of sizes too far apart.');
  }
  const p = Math.max(Number.MIN_VALUE, Math.min(1, Math.exp(-logBayesFactor)));
  return { logBayesFactor, p, isMismatch: p < MISMATCH_ALPHA, cautions: [] };
}

function checkedSplit(observed: readonly number[], weights: readonly number[]) {
  if (observed.length !== weights.length) {
    const lengths = `${observed.length} arms have units, and ${weights.length} were planned`;
    throw new InvalidInputError(
      'length-mismatch',
      `${lengths}: an arm that was not planned is a fault by itself.`,
    );
  }
  observed.forEach((count, arm) => {
    checkCount(count, `The number of units of arm ${arm + 1}`);
  });
  for (const weight of weights) {
    checkFinite(weight, 'A weight');
    if (weight < 0) throw new InvalidInputError('negative-weight', `A weight is ${weight}.`);
  }
  const sum = weights.reduce((a, b) => a + b, 0);
  checkFinite(sum, 'The sum of the weights');
  if (!(sum > 0)) throw new InvalidInputError('weights-sum-to-zero', 'No arm has a weight above 0.');
  const total = observed.reduce((a, b) => a + b, 0);
  const isAstray = observed.some((count, arm) => count > 0 && weights[arm] === 0);
  return { total, isAstray, expected: weights.map((weight) => (total * weight) / sum) };
}
