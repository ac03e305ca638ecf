// Reasons and cautions of computations, in words for whoever reads a report.
import type { Caution, Reason } from '../../stats/computed.ts';

/** Why there is no number, behind `not computable: …`. */
export const REASONS: { readonly [Each in Reason]: string } = {
  'no data': 'an arm has no data',
  'n=1': 'an arm has a single unit, from which no spread can be told',
  'zero variance': 'all units of an arm have the same value, from which no uncertainty can be told',
  'zero baseline': 'the baseline is zero, and nothing can be told relative to it',
  'zero denominator': 'the denominator is zero',
  'fewer than two arms': 'there are not two arms with units to compare',
  'no conversions': 'no unit converted',
  'all converted': 'every unit converted',
  'zero adjusted variance': 'the covariate explains the metric wholly, and no uncertainty is left to be told',
  'out of range': 'the numbers are too large to be computed with',
  'not attainable': 'no sample size attains what was asked for',
};

/** What a reader must know beside the numbers. */
export const CAUTIONS: { readonly [Each in Caution]: string } = {
  'low counts': 'few conversions, so p-value and interval are approximate',
  'no conversions': 'an arm has no conversions at all',
  'all converted': 'every unit of an arm converted',
  'zero baseline': 'the baseline is zero: there is no lift, and the absolute difference stands',
  'negative baseline': 'the baseline is negative: the lift is relative to its absolute value',
  'unbounded lift': 'the baseline is too close to zero for its noise: the lift has no bound',
  'variance clamped to zero': 'rounding gave a variance below zero, which counts as zero',
  'covariate missing': 'what an arm did before the experiment is not known, so CUPED adjusted nothing',
  'constant covariate': 'all units did the same before the experiment, so CUPED adjusted nothing',
  'traffic in an arm of weight 0': 'an arm of weight 0 has units',
  'no new information': 'nothing was added since the look before',
  overrun: 'there are more units than were planned',
  'unstable denominator': 'the denominator is close to zero for its noise: the ratio is unstable',
};

/** `not computable: n=1`. Also of a reason that this version does not know. */
export function notComputable(reason: Reason | undefined): string {
  return reason === undefined ? 'not computable' : `not computable: ${reason}`;
}

export const TYPES = {
  binary: 'share of units with the event',
  count: 'per unit',
  mean: 'average',
  ratio: 'ratio',
} as const;
