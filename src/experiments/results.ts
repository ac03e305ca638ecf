// What may be said of each metric now: values always, but p-values and intervals only at a look.
import type { Comparison } from '../stats/comparison.ts';
import {
  type Guardrail,
  type GuardrailPlan,
  guardrailOfMeans,
  guardrailOfProportions,
  guardrailOfRatios,
  guardrailsOfAdjusted,
} from '../stats/guardrail.ts';
import { benjaminiHochberg, holm } from '../stats/multiple.ts';
import type { ArmResult, ComparisonResult, GuardrailResult, LookTaken, MetricResult } from './analysis.ts';
import { adjustable, armCovariates, compareArms, countOf, type Measured, methodOf } from './compare.ts';
import { type DueLook, levelOf, planP } from './looks.ts';
import { ratioMoments } from './moments.ts';
import { valueOfArm } from './plan.ts';
import type { Design } from './setup.ts';

/** The look that is taken, and those before it; undefined where nothing is judged now. */
export interface Occasion {
  due: DueLook;
  taken: readonly LookTaken[];
}

/** Where no level is spent, a comparison still needs one for its point estimates. */
const ANY_ALPHA = 0.05;

/** The primary metric: its p, z and decision are those of the look that was taken. */
export function primaryResult(
  measured: Measured,
  design: Design,
  occasion: Occasion | undefined,
  look: LookTaken | undefined,
): MetricResult {
  const comparisons = Math.max(1, measured.moments.arms.length - 1);
  const level = levelAt(design, occasion, design.alpha / comparisons);
  const result = metricResult(measured, level, design.alpha);
  if (comparisons > 1 && level !== undefined)
    result.method.push(
      `${comparisons} arms are compared with the first: p-values times ${comparisons} (Bonferroni), and intervals that hold together`,
    );
  for (const arm of result.arms) {
    const told = look?.arms.find((each) => each.arm === arm.arm);
    arm.adjustedP = told?.adjustedP ?? null;
    arm.isSignificant = told?.isCrossed ?? false;
  }
  return result;
}

/**
 * Arms that crossed at an earlier look have the figures of that one, as `told` then: later ones judge the arms that are still open, and
 * what has become of a decided arm since is no result of the plan.
 */
export function withDecided(
  result: MetricResult,
  before: LookTaken | undefined,
  told: MetricResult | undefined,
): MetricResult {
  const isDecided = (arm: string) => before?.arms.some((each) => each.arm === arm && each.isCrossed);
  const arms = result.arms.map((arm) => {
    const then = isDecided(arm.arm) ? told?.arms.find((each) => each.arm === arm.arm) : undefined;
    return then ?? arm;
  });
  return { ...result, arms };
}

/** Secondary metrics, with Holm over all their comparisons; what cannot be computed does not count. */
export function secondaryResults(
  metrics: readonly Measured[],
  design: Design,
  occasion: Occasion | undefined,
): MetricResult[] {
  const level = levelAt(design, occasion, design.alpha);
  const results = metrics.map((measured) => metricResult(measured, level, design.alpha));
  const arms = results.flatMap((result) => result.arms);
  const ps = arms.map(({ p }) => (occasion ? ofPlan(occasion, design, p) : null));
  const [adjusted, discovered] = [holm(ps), benjaminiHochberg(ps)];
  arms.forEach((arm, index) => {
    arm.adjustedP = adjusted[index] ?? null;
    arm.falseDiscoveryP = discovered[index] ?? null;
    arm.isSignificant = arm.adjustedP !== null && arm.adjustedP <= design.alpha;
  });
  if (occasion && arms.length > 1)
    for (const { method } of results)
      method.push(`Holm over ${arms.length} comparisons of secondary metrics`);
  return results;
}

/** The p of the whole plan, of a metric that is looked at now alone. */
function ofPlan({ due, taken }: Occasion, design: Design, p: number | null): number | null {
  return planP(due, taken, design, [...taken.map(() => null), p]);
}

/**
 * Guardrails: harm and safety are each shown one-sidedly, at the level that the look has of a one-sided plan. Their intervals are of
 * twice that, so that a verdict never contradicts where the interval lies.
 */
export function guardrailResults(
  metrics: readonly Measured[],
  design: Design,
  occasion: Occasion | undefined,
): GuardrailResult[] {
  const alpha = Math.min(0.999, 2 * design.alpha);
  const level = levelAt(design, occasion, alpha);
  const oneSided = (level ?? 0) / 2;
  return metrics.map((measured) => {
    const { metric } = measured;
    const result = metricResult(measured, level, alpha);
    const plan = { direction: metric.direction, margin: metric.margin ?? null, alpha: oneSided };
    const told = oneSided > 0 ? judgedArms(measured, plan) : [];
    const verdicts = result.arms.map(({ arm }, index) => {
      const { verdict, pDeterioration, pNonInferiority } = told[index] ?? UNTOLD;
      return { arm, verdict, pDeterioration, pNonInferiority };
    });
    for (const arm of result.arms) arm.isSignificant = false;
    return { ...result, margin: metric.margin ?? null, verdicts };
  });
}

const UNTOLD: Guardrail = { verdict: 'inconclusive', pDeterioration: null, pNonInferiority: null };

function judgedArms(measured: Measured, plan: GuardrailPlan): Guardrail[] {
  const { metric, moments } = measured;
  const [control, ...treatments] = moments.arms;
  if (!control) return [];
  if (adjustable(measured)) return guardrailsOfAdjusted(armCovariates(moments), plan);
  return treatments.map((arm) => {
    if (metric.type === 'binary') return guardrailOfProportions(countOf(control), countOf(arm), plan);
    if (metric.type === 'ratio') return guardrailOfRatios(ratioMoments(control), ratioMoments(arm), plan);
    return guardrailOfMeans({ n: control.n, ...control.measured }, { n: arm.n, ...arm.measured }, plan);
  });
}

/** The level of a comparison now, of a plan that has `alpha`; undefined where nothing is said now. */
function levelAt(design: Design, occasion: Occasion | undefined, alpha: number): number | undefined {
  if (!occasion) return undefined;
  const { alpha: level } = levelOf(occasion.due, occasion.taken, design, alpha);
  return level > 0 ? level : undefined;
}

function metricResult(measured: Measured, level: number | undefined, alpha: number): MetricResult {
  const { metric, moments } = measured;
  const compared = compareArms(measured, level ?? ANY_ALPHA);
  const armResult = (index: number): ArmResult => {
    const arm = moments.arms[index] as Measured['moments']['arms'][number];
    return { arm: arm.arm, units: arm.n, value: valueOfArm(measured, arm) };
  };
  return {
    metric: metric.metric,
    type: metric.type,
    direction: metric.direction,
    baseline: armResult(0),
    arms: compared.comparisons.map((comparison, index) => ({
      ...armResult(index + 1),
      ...told(comparison, level !== undefined),
      adjustedP: null,
      isSignificant: false,
    })),
    method: methodOf(measured, compared),
    confidence: 1 - alpha,
  };
}

type Told = Omit<ComparisonResult, keyof ArmResult | 'adjustedP' | 'isSignificant'>;

function told(comparison: Comparison, isLook: boolean): Told {
  const { difference, lift, interval, liftInterval, p, reason, cautions } = comparison;
  return {
    difference,
    interval: isLook ? interval : null,
    lift,
    liftInterval: isLook ? liftInterval : null,
    p: isLook ? p : null,
    ...(reason !== undefined && { reason }),
    cautions,
  };
}
