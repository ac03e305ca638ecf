// Answers a reference set's degenerate inputs: the status, the reason in the set's words, and what can be computed all the same.
import type { Comparison } from '../../../src/stats/comparison.ts';
import { type Caution, InvalidInputError, type Reason } from '../../../src/stats/computed.ts';
import type { Count } from '../../../src/stats/count.ts';
import { compareAdjusted } from '../../../src/stats/cuped.ts';
import { compareMeans } from '../../../src/stats/means.ts';
import type { Moments } from '../../../src/stats/moments.ts';
import { compareProportions } from '../../../src/stats/proportions.ts';
import { compareRatios } from '../../../src/stats/ratios.ts';
import { degenerateFamilies } from './families.ts';
import { type CovariateArm, covariateArm, type RatioArm, ratioArm } from './means.ts';
import { degeneratePower } from './power.ts';
import { degenerateSequential } from './sequential.ts';
import { fisherP } from './variants/fisher.ts';

/** What a computation says of an input, before it is put in the set's words. */
interface Outcome {
  values: Record<string, unknown>;
  reason?: Reason | undefined;
  lacking?: Comparison['lacking'] | undefined;
  cautions?: readonly Caution[] | undefined;
}

export interface DegenerateAnswer {
  status: 'ok' | 'ok_with_warning' | 'not_computable' | 'invalid_input';
  reason: string | null;
  values: Record<string, unknown>;
}

interface Arms<Arm> {
  control: Arm;
  treatment: Arm;
  alpha?: number;
}

/** The product's words, one to one; a fault that is thrown is the set's own word but for its dashes. */
const WORDS: Record<Reason | Caution, string> = {
  'no data': 'no_data',
  'n=1': 'n_less_than_2',
  'zero variance': 'zero_variance',
  'zero adjusted variance': 'zero_adjusted_variance',
  'no conversions': 'no_conversions',
  'all converted': 'all_converted',
  'out of range': 'out_of_range',
  'zero baseline': 'zero_baseline',
  'zero denominator': 'zero_denominator',
  'fewer than two arms': 'fewer_than_two_arms',
  'not attainable': 'not_attainable',
  'low counts': 'low_counts',
  'negative baseline': 'negative_baseline',
  'unbounded lift': 'unbounded_relative_ci',
  'variance clamped to zero': 'variance_clamped_to_zero',
  'constant covariate': 'constant_covariate',
  'covariate missing': 'covariate_missing',
  'traffic in an arm of weight 0': 'traffic_in_zero_weight_arm',
  'no new information': 'no_new_information',
  overrun: 'overrun',
  'unstable denominator': 'unstable_denominator',
};

/** They are of no concern to whom asks for the difference alone. */
const OF_LIFT: readonly Caution[] = ['zero baseline', 'negative baseline', 'unbounded lift'];

const FUNCTIONS: Record<string, (input: never) => Outcome> = {
  chisq: ({ control, treatment, alpha = 0.05 }: Arms<Count>) => {
    const compared = compareProportions(control, treatment, alpha);
    const rate = ({ conversions, n }: Count) => (n === 0 ? null : conversions / n);
    const values = { control_rate: rate(control), treatment_rate: rate(treatment), pearson_p: compared.p };
    const isLow = compared.cautions.includes('low counts');
    return outcome(compared, { ...values, fisher_p_two_sided: isLow ? fisherP(control, treatment) : null });
  },
  welch: ({ control, treatment, alpha = 0.05 }: Arms<Moments>) =>
    outcome(compareMeans(control, treatment, alpha)),
  lift: (input: Arms<Count> | Arms<Moments>) => {
    const { alpha = 0.05 } = input;
    const compared = isBinary(input)
      ? compareProportions(input.control, input.treatment, alpha)
      : compareMeans(input.control, input.treatment, alpha);
    const { lower, upper } = compared.liftInterval ?? { lower: null, upper: null };
    const values = { lift_ci: compared.liftInterval, lift_ci_lower: lower, lift_ci_upper: upper };
    return { ...outcome(compared, values), cautions: compared.cautions };
  },
  ratio: ({ control, treatment, alpha = 0.05 }: Arms<RatioArm>) =>
    outcome(compareRatios(ratioArm(control), ratioArm(treatment), alpha)),
  cuped: ({ arms, alpha = 0.05 }: { arms: CovariateArm[]; alpha?: number }) => {
    const { theta, comparisons } = compareAdjusted(arms.map(covariateArm), alpha);
    const compared = comparisons[0] as (typeof comparisons)[number];
    const { values, reason, cautions } = outcome(compared);
    return { values: { ...values, theta, variance_reduction: compared.varianceReduction }, reason, cautions };
  },
  ...degenerateFamilies,
  ...degeneratePower,
  ...degenerateSequential,
};

/** `fn` names what is asked. @throws Error where that is none of the above */
export function answerDegenerate(fn: string, input: unknown): DegenerateAnswer {
  const compute = FUNCTIONS[fn];
  if (compute === undefined) throw new Error(`the set asks for ${fn}, which nothing answers`);
  try {
    const { values, reason, lacking, cautions = [] } = compute(input as never);
    if (reason !== undefined)
      return { status: 'not_computable', reason: reasonWord(reason, lacking), values };
    const [caution] = cautions;
    return caution === undefined
      ? { status: 'ok', reason: null, values }
      : { status: 'ok_with_warning', reason: WORDS[caution], values };
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    return { status: 'invalid_input', reason: error.fault.replaceAll('-', '_'), values: {} };
  }
}

function outcome(compared: Comparison, more: Record<string, unknown> = {}): Outcome {
  const { difference, p, interval, lift, degreesOfFreedom, lacking } = compared;
  const values = { diff: difference, p, ci: interval, lift, df: degreesOfFreedom, ...more };
  const cautions = compared.cautions.filter((caution) => !OF_LIFT.includes(caution));
  // There is no test where all did the same, but there is an interval: not all is missing.
  const isTestAlone =
    interval !== null && (compared.reason === 'no conversions' || compared.reason === 'all converted');
  if (isTestAlone) return { values, cautions: [compared.reason as Caution] };
  return { values, reason: compared.reason, lacking, cautions };
}

/** The set says of which side only what is about its number of units. */
function reasonWord(reason: Reason, lacking: Comparison['lacking']): string {
  const isOfSide = (reason === 'no data' || reason === 'n=1') && lacking !== undefined && lacking !== 'both';
  return isOfSide ? `${WORDS[reason]}_${lacking}` : WORDS[reason];
}

function isBinary(input: Arms<Count> | Arms<Moments>): input is Arms<Count> {
  return 'conversions' in input.control;
}
