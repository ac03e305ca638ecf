// From a metric's moments to its comparisons: which test, which interval, and how it is told.
import type { MetricDefinition } from '../model/definitions.gen.ts';
import type { Comparison } from '../stats/comparison.ts';
import { type CovariateMoments, compareAdjusted } from '../stats/cuped.ts';
import { compareMeans } from '../stats/means.ts';
import { compareProportions } from '../stats/proportions.ts';
import { compareRatios } from '../stats/ratios.ts';
import { scaledVariance } from '../stats/unit.ts';
import { type ArmMoments, covariateMoments, type MetricMoments, ratioMoments } from './moments.ts';

/** A metric with what was measured. */
export interface Measured {
  metric: MetricDefinition;
  moments: MetricMoments;
  /** Units of each arm whose events could count, in the order of the arms. */
  units: readonly number[];
  /** Of those, for whom the window is not over. */
  open: number;
  /** The covariate's days; null without CUPED. */
  cupedDays: number | null;
}

export interface Compared {
  /** One for each arm after the baseline. */
  comparisons: Comparison[];
  test: string;
  /** How CUPED went, in words; empty without it. */
  adjustment: string[];
}

/** Compares each arm with the baseline; intervals have the level 1 - alpha. */
export function compareArms(measured: Measured, alpha: number): Compared {
  const { metric, moments } = measured;
  const [baseline, ...others] = moments.arms;
  if (!baseline) return { comparisons: [], test: '', adjustment: [] };
  if (metric.type === 'ratio') {
    const [control, ...treatments] = moments.arms.map(ratioMoments);
    return {
      comparisons: treatments.map((arm) => compareRatios(control as NonNullable<typeof control>, arm, alpha)),
      test: 'ratio of sums per unit: delta method, Welch’s t, Fieller’s interval of the lift',
      adjustment: measured.cupedDays === null ? [] : ['a ratio is not adjusted by what was before (CUPED)'],
    };
  }
  const adjusted = adjustable(measured) ? compareAdjustedArms(measured, alpha) : undefined;
  if (adjusted) return adjusted;
  const adjustment = measured.cupedDays === null ? [] : [nothingBefore(measured)];
  if (metric.type === 'binary') {
    const comparisons = others.map((arm) => compareProportions(countOf(baseline), countOf(arm), alpha));
    return { comparisons, test: 'Pearson’s chi-square, score intervals (Mee, Koopman)', adjustment };
  }
  const comparisons = others.map((arm) =>
    compareMeans({ n: baseline.n, ...baseline.measured }, { n: arm.n, ...arm.measured }, alpha),
  );
  return { comparisons, test: 'Welch’s t, Fieller’s interval of the lift', adjustment };
}

/** Whether CUPED is asked for, and there is a covariate that says anything. */
export function adjustable({ metric, moments, cupedDays }: Measured): boolean {
  return (
    cupedDays !== null &&
    metric.type !== 'ratio' &&
    moments.arms.every(({ n, other }) => n < 2 || other !== null) &&
    moments.arms.some(({ other }) => scaledVariance(other?.variance ?? 0, other?.mean ?? 0, 1) > 0)
  );
}

export function armCovariates({ arms }: MetricMoments): CovariateMoments[] {
  return arms.map(covariateMoments);
}

export function countOf({ positive, n }: ArmMoments): { conversions: number; n: number } {
  return { conversions: positive, n };
}

function compareAdjustedArms(measured: Measured, alpha: number): Compared {
  const { comparisons, theta, correlation } = compareAdjusted(armCovariates(measured.moments), alpha);
  const reduction = comparisons[0]?.varianceReduction ?? null;
  const what = `CUPED by the same metric in the ${measured.cupedDays} d before each unit’s first exposure`;
  const without = measured.moments.arms.reduce((sum, arm) => sum + arm.withoutCovariate, 0);
  return {
    comparisons,
    test: 'Welch’s t of values adjusted by CUPED, Fieller’s interval of the lift',
    adjustment: [
      `${what}: theta ${figure(theta)}, correlation ${correlation === null ? 'none' : figure(correlation)}` +
        (reduction === null
          ? ''
          : `, variance ${reduction < 0 ? 'raised' : 'reduced'} by ${percent(Math.abs(reduction))}`),
      ...(without > 0
        ? [
            `${countOfUnits(without)} without a value from before: the average one stands in, which adjusts nothing`,
          ]
        : []),
    ],
  };
}

function nothingBefore({ cupedDays }: Measured): string {
  return `not adjusted by CUPED: in the ${cupedDays} d before their first exposure no units differ in this metric (theta 0)`;
}

/** How the numbers came about, in words, in order. */
export function methodOf(measured: Measured, { test, adjustment }: Compared): string[] {
  const { metric, moments, open, units } = measured;
  const capped = moments.arms.reduce((sum, arm) => sum + arm.capped, 0);
  const total = units.reduce((sum, count) => sum + count, 0);
  return [
    whatIsMeasured(metric),
    metric.window === undefined
      ? 'every event after the first exposure counts, up to this analysis'
      : `events in the ${metric.window} after the first exposure count`,
    ...(open > 0
      ? [
          `for ${open.toLocaleString('en')} of ${total.toLocaleString('en')} units that is not over: what they did so far counts`,
        ]
      : []),
    ...(moments.cap === null
      ? []
      : [
          `values above the ${metric.cap} quantile of all arms, ${figure(moments.cap)}, count as that: ${countOfUnits(capped)}`,
        ]),
    ...whoHasAValue(measured),
    ...adjustment,
    test,
  ].filter((line) => line !== '');
}

function whatIsMeasured({ type, event, value, numerator, denominator }: MetricDefinition): string {
  switch (type) {
    case 'binary':
      return `the share of units with at least one \`${event}\``;
    case 'count':
      return value === undefined
        ? `\`${event}\` per unit`
        : `the sum of \`${value}\` of \`${event}\` per unit`;
    case 'mean':
      return `the average \`${value ?? 'value'}\` of each unit’s \`${event}\`; units without one are left out`;
    case 'ratio':
      return `\`${numerator}\` per \`${denominator}\``;
  }
}

/** Below this p, that arms differ in who has a value at all is told beside a mean. */
const SELECTION_ALPHA = 0.001;

/** A mean leaves out units without a value. If arms differ in how many those are, they may differ in who those are. */
function whoHasAValue({ metric, moments, units }: Measured): string[] {
  if (metric.type !== 'mean') return [];
  const [baseline, ...others] = moments.arms.map((arm, at) => ({
    arm: arm.arm,
    count: { conversions: arm.n, n: units[at] ?? arm.n },
  }));
  return others.flatMap(({ arm, count }) => {
    const { p } = compareProportions((baseline as { count: typeof count }).count, count, SELECTION_ALPHA);
    if (p === null || p >= SELECTION_ALPHA) return [];
    const share = ({ conversions, n }: typeof count) => percent(conversions / n);
    return [
      `with care: ${share(count)} of \`${arm}\` have a value, and ${share((baseline as { count: typeof count }).count)} of the baseline, ` +
        'so part of what differs may be who has one',
    ];
  });
}

function countOfUnits(count: number): string {
  return `${count.toLocaleString('en')} ${count === 1 ? 'unit' : 'units'}`;
}

function figure(value: number): string {
  return value.toLocaleString('en', { maximumSignificantDigits: 4 });
}

function percent(share: number): string {
  return `${(share * 100).toLocaleString('en', { maximumFractionDigits: 1 })} %`;
}
