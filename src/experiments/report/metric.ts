// One metric as a report's table and plot have it: arms with their numbers as texts, and a word for what to make of them.
import type { Interval } from '../../stats/computed.ts';
import type { ComparisonResult, GuardrailResult, MetricResult } from '../analysis.ts';
import { type Change, changeInterval, changeOf, changeText, judged } from './change.ts';
import { notComputable } from './notes.ts';
import { amount, decimalsFor, finite, PERCENT, PLAIN, pText, share, type Unit, whole } from './numbers.ts';

export type Role = 'primary' | 'secondary' | 'guardrail';

export interface ToldArm {
  arm: string;
  units: string;
  /** The rate, the mean or the ratio. */
  value: string;
  /** The rest is of arms that are compared; empty where there is nothing to say. */
  change: string;
  interval: string;
  p: string;
  adjustedP: string;
  /** Why there is no p-value, or no change. */
  missing: string;
  /** `better`, `worse`; of a guardrail `harm`, `safe`, `inconclusive`; else empty. */
  word: string;
  /** For plots. */
  lift?: { estimate: number; interval: Interval };
  /** Of a guardrail: one-sided. */
  pDeterioration?: string;
  pNonInferiority?: string;
}

export interface ToldMetric {
  metric: string;
  role: Role;
  type: MetricResult['type'];
  /** `share of units with the event, should increase`. */
  about: string;
  /** Of its intervals: `95 %`. */
  level: string;
  /** That of intervals that have another one than the primary metric's, `90 % interval`; else empty. */
  otherLevel: string;
  /** The largest acceptable change of a guardrail, as a lift. */
  limit?: number;
  baseline: ToldArm;
  arms: ToldArm[];
  /** Whether a p-value was adjusted to another one, and both are shown. */
  isAdjusted: boolean;
}

/** How p-values are judged, the level that needs no saying, and whether it is too early to judge at all. */
export interface Manner {
  alpha: number;
  /** The primary metric's, as a share. */
  confidence: number;
  isEarly: boolean;
  /** Looks were planned: then p-values are the plan's alone, since one look's own ones are what must not be judged by. */
  isSequential: boolean;
}

const TYPES = {
  binary: 'share of units with the event',
  count: 'per unit',
  mean: 'average',
  ratio: 'ratio',
} as const;

const NOTHING = { change: '', interval: '', p: '', adjustedP: '', missing: '', word: '' };

export function toldMetric(result: MetricResult | GuardrailResult, role: Role, manner: Manner): ToldMetric {
  const { metric, type, direction, baseline, arms, confidence } = result;
  const unit = type === 'binary' ? PERCENT : PLAIN;
  const decimals = valueDecimals(result, unit);
  const own = (arm: { arm: string; units: number; value: number | null }) => ({
    arm: arm.arm,
    units: whole(arm.units),
    value: valueText(arm.value, decimals, unit),
  });
  const margin = 'margin' in result ? finite(result.margin) : null;
  const limit = margin === null ? {} : { limit: direction === 'increase' ? -margin : margin };
  const hasInterval = arms.some(({ interval, liftInterval }) => interval !== null || liftInterval !== null);
  const otherLevel = confidence === manner.confidence || !hasInterval ? '' : `${share(confidence)} interval`;
  return {
    metric,
    role,
    type,
    about: [aboutOf(result, margin), changesApart(result) ? 'CUPED-adjusted' : '', otherLevel]
      .filter(Boolean)
      .join(', '),
    level: share(confidence),
    otherLevel,
    ...limit,
    baseline: { ...own(baseline), ...NOTHING },
    arms: arms.map((arm) => ({
      ...own(arm),
      ...compared(arm, result, manner),
      ...guarded(arm, result, manner),
    })),
    isAdjusted:
      !manner.isSequential && arms.some(({ p, adjustedP }) => adjustedP !== null && adjustedP !== p),
  };
}

/** As many as the intervals have a use for, so that all arms have the same. */
function valueDecimals({ baseline, arms }: MetricResult, unit: Unit): number {
  const known = arms.filter(({ interval }) => interval !== null);
  if (known.length > 0)
    return Math.max(0, ...known.map(({ interval, value }) => decimalsFor(interval, value, unit)));
  return Math.max(0, ...[baseline, ...arms].map(({ value }) => decimalsFor(null, value, unit)));
}

function aboutOf({ type, direction }: MetricResult, margin: number | null): string {
  const wanted =
    margin === null
      ? `should ${direction}`
      : `must not ${direction === 'increase' ? 'decrease' : 'increase'} by over ${share(margin)}`;
  return `${TYPES[type]}, ${wanted}`;
}

/** CUPED takes out of the change what units did before, so it is not that of the values which stand beside it. */
function changesApart({ baseline, arms }: MetricResult): boolean {
  const from = finite(baseline.value);
  return arms.some(({ value, difference }) => {
    const [to, change] = [finite(value), finite(difference)];
    if (from === null || to === null || change === null) return false;
    return Math.abs(to - from - change) > 1e-9 * Math.max(Math.abs(from), Math.abs(to));
  });
}

function valueText(value: number | null, decimals: number, unit: Unit): string {
  const number = finite(value);
  return number === null ? '–' : amount(number, decimals, unit);
}

function compared(arm: ComparisonResult, { type, direction }: MetricResult, manner: Manner) {
  const change = changeOf(arm, type);
  const [p, adjustedP] = [finite(arm.p), finite(arm.adjustedP)];
  const isJudged = arm.isSignificant && !manner.isEarly && change !== undefined;
  return {
    change: change ? changeText(change) : '',
    interval: change ? changeInterval(change) : '',
    p: p === null ? '' : pText(p, manner.alpha),
    adjustedP: adjustedP === null ? '' : pText(adjustedP, manner.alpha),
    missing: missingText(arm, change, manner),
    word: isJudged ? (judged(change.estimate, direction) ?? '') : '',
    ...(change?.kind === 'lift' &&
      change.interval !== null && { lift: { estimate: change.estimate, interval: change.interval } }),
  };
}

/** A p-value that is not shown on purpose is not one that cannot be computed. */
function missingText(arm: ComparisonResult, change: Change | undefined, { isEarly }: Manner): string {
  if (finite(arm.p) !== null || finite(arm.adjustedP) !== null) return '';
  if (arm.reason !== undefined) return notComputable(arm.reason);
  if (isEarly) return 'not yet';
  return change ? '' : notComputable(undefined);
}

function guarded(
  { arm, reason }: ComparisonResult,
  result: MetricResult | GuardrailResult,
  { alpha, isEarly }: Manner,
) {
  if (!('verdicts' in result)) return {};
  const found = result.verdicts.find((each) => each.arm === arm);
  if (!found) return { word: 'inconclusive' };
  const [worse, safe] = [finite(found.pDeterioration), finite(found.pNonInferiority)];
  // Nothing was tested yet: that is another thing than a test without a result.
  if (isEarly && worse === null && safe === null) return {};
  return {
    word: found.verdict,
    // Its own tests are one-sided: that of no difference at all would be a second p-value.
    ...{ p: '', adjustedP: '' },
    ...(reason === undefined && { missing: '' }),
    ...(worse !== null && { pDeterioration: pText(worse, alpha) }),
    ...(safe !== null && { pNonInferiority: pText(safe, alpha) }),
  };
}

/** The primary metric's level: metrics with another one say so. */
export function levelOf([primary]: readonly ToldMetric[]): string {
  return primary?.level ?? '';
}

/** The word, with the p-value that a guardrail's goes by. */
export function wordText({ word, pDeterioration, pNonInferiority }: ToldArm): string {
  const p = word === 'harm' ? pDeterioration : word === 'safe' ? pNonInferiority : undefined;
  return p === undefined ? word : `${word}, p ${p}`;
}
