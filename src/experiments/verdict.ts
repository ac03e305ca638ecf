// The one sentence that an analysis comes to, as a kind.
import type { LookTaken, MetricResult, SplitResult, Verdict } from './analysis.ts';
import type { Measured } from './compare.ts';
import { isStanding } from './looks.ts';
import type { ArmMoments } from './moments.ts';

export interface VerdictBasis {
  split: SplitResult;
  units: number;
  unitsPerArm: number;
  /** Of the smallest arm; null where time decides or nothing is planned yet. */
  plannedPerArm: number | null;
  /** Null: a look comes some day. */
  missing: string | null;
  /** Whether a unit had an event of the primary metric. */
  hasEvents: boolean;
  primary: MetricResult;
  /** The last one that was taken, now or earlier. */
  look: LookTaken | undefined;
  /** A look is due, and its p-values cannot be computed. */
  isBlind: boolean;
}

/** A broken split stands above everything; then whether there is anything to judge, and what the looks so far decided. */
export function verdictOf(basis: VerdictBasis): Verdict {
  const { split, primary, look, unitsPerArm, plannedPerArm } = basis;
  if (split.isBroken) return { kind: 'broken-split' };
  if (basis.units === 0) return { kind: 'no-data', why: whyNobody(split) };
  if (look && isStanding(look)) return decision(look, primary);
  if (!basis.hasEvents)
    return {
      kind: 'no-data',
      why: `No unit has had an event of the metric ${primary.metric} since it was exposed.`,
    };
  if (basis.missing !== null) return { kind: 'no-plan', missing: basis.missing };
  const reason = primary.arms.find((arm) => arm.reason !== undefined)?.reason;
  if (basis.isBlind && reason !== undefined) return { kind: 'not-computable', reason };
  return { kind: 'too-early', unitsPerArm, plannedPerArm };
}

function whyNobody({ arms }: SplitResult): string {
  return arms.some(({ units }) => units > 0)
    ? 'No unit is left to measure: all that were exposed saw more than one arm.'
    : 'No unit has been exposed to it yet.';
}

/** Of the arms that crossed, one that is better before any that is worse, and of those the one that moved most. */
function decision(look: LookTaken, { arms, direction }: MetricResult): Verdict {
  const crossed = look.arms.flatMap(({ arm, isCrossed }) => {
    const result = isCrossed ? arms.find((each) => each.arm === arm) : undefined;
    return result?.difference
      ? [{ arm, gain: direction === 'increase' ? result.difference : -result.difference }]
      : [];
  });
  const sorted = crossed.toSorted((a, b) => b.gain - a.gain);
  const [best, worst] = [sorted[0], sorted.at(-1)];
  if (!best || !worst) return { kind: 'no-difference' };
  return best.gain > 0 ? { kind: 'better', arm: best.arm } : { kind: 'worse', arm: worst.arm };
}

/** Whether units of an arm had events of the metric. Of a sum it is whether anyone's is not 0. */
export function hasEvents({ metric }: Pick<Measured, 'metric'>): (arm: ArmMoments) => boolean {
  return ({ n, positive, measured, other }) => {
    if (positive > 0 || (measured.mean ?? 0) !== 0 || (measured.variance ?? 0) > 0) return true;
    return (metric.type === 'mean' && n > 0) || (metric.type === 'ratio' && (other?.mean ?? 0) > 0);
  };
}
