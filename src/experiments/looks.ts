// Planned looks: when one is due, what it is held against, and what stands between two.

import { normalQuantile } from '../stats/distributions/normal.ts';
import { adjustedP, lookAlpha, plannedBounds, strongestOf, zOf } from '../stats/sequential/plan.ts';
import { type SpendingOptions, spendingAdjustedP, spendingBounds } from '../stats/sequential/spending.ts';
import type { LookTaken } from './analysis.ts';
import type { Progress } from './progress.ts';
import type { Design } from './setup.ts';

/** What a look is, before anything is compared. */
export interface DueLook {
  look: number;
  fraction: number;
  /** Measured units of all arms. */
  units: number;
  /** What it knows, as LookTaken has it. */
  information: number;
  isFinal: boolean;
}

/** A look this little before its share of the plan is taken all the same: arms never fill exactly. */
const EARLY = 0.005;
/**
 * Looks this near to equal steps have the bounds of the plan itself; others those of alpha spending. At the worst of such times that
 * spends 1.02 alpha with 20 looks, 1.01 with 5.
 */
const ON_TIME = 0.01;

/**
 * The look to take now; undefined between two of them, after the last, and once every arm is decided. `growth` is how many times as much
 * it knows as the one before; null, where that cannot be measured, has it know more as its share of the plan is larger.
 */
export function dueLook(
  design: Design,
  { fraction: reachedFraction, units, isOver }: Pick<Progress, 'fraction' | 'units' | 'isOver'>,
  taken: readonly LookTaken[],
  growth: number | null,
): DueLook | undefined {
  const last = taken.at(-1);
  const fraction = Math.max(reachedFraction ?? 0, last?.fraction ?? 0);
  // The end may pass before anybody is measured: there is nothing to look at.
  if (!(fraction > 0 && units > 0) || (last && isDecided(last))) return undefined;
  const looks = design.sequential?.looks ?? 1;
  const reached = isOver ? looks : Math.min(looks, Math.floor((fraction + EARLY) * looks));
  if (reached <= (last?.look ?? 0)) return undefined;
  return {
    ...{ look: reached, fraction, units },
    information: last ? last.information * (growth ?? fraction / last.fraction) : fraction,
    isFinal: reached === looks,
  };
}

/** After that nothing is looked at again. */
export function isDecided({ isFinal, arms }: LookTaken): boolean {
  return isFinal || (arms.length > 0 && arms.every(({ isCrossed }) => isCrossed));
}

/** Whether what a look said stands until the next one. */
export function isStanding(look: LookTaken): boolean {
  return isDecided(look) || look.arms.some(({ isCrossed }) => isCrossed);
}

export interface Level {
  /** |z| at or above it is a crossing; null where there is no stopping. */
  bound: number | null;
  /** The level of a comparison whose p at or below it is a crossing; 0 where there is no stopping. */
  alpha: number;
}

/** What a look is held against at a level of the whole plan: Pocock's or O'Brien and Fleming's bounds, or those of alpha spending. */
export function levelOf(due: DueLook, taken: readonly LookTaken[], design: Design, alpha: number): Level {
  const { sequential } = design;
  if (!sequential) return { bound: -normalQuantile(alpha / 2), alpha };
  if (isOnTime(due, taken, sequential.looks)) {
    const { looks, boundary } = sequential;
    const bound = plannedBounds(looks, alpha, boundary)[due.look - 1] ?? null;
    return { bound, alpha: lookAlpha(due.look, looks, alpha, boundary) };
  }
  const { fractions, options } = spentSoFar(due, taken, sequential.looks);
  const level = spendingBounds(fractions, alpha, sequential.boundary, options).at(-1);
  return { bound: level?.bound ?? null, alpha: level?.nominalAlpha ?? 0 };
}

/** The p-value that belongs to the whole plan, from those of each look so far; null where there is none now. */
export function planP(
  due: DueLook,
  taken: readonly LookTaken[],
  design: Design,
  ps: readonly (number | null)[],
): number | null {
  const { sequential } = design;
  const now = ps.at(-1) ?? null;
  if (now === null || !sequential) return now;
  if (isOnTime(due, taken, sequential.looks)) {
    const { looks, boundary } = sequential;
    return adjustedP(looks, Math.min(100, strongestOf(ps, looks, boundary)), boundary);
  }
  const { fractions, options } = spentSoFar(due, taken, sequential.looks);
  return spendingAdjustedP(fractions, ps, sequential.boundary, options);
}

/** Whether every look so far came when equal steps have it. */
function isOnTime(due: DueLook, taken: readonly LookTaken[], looks: number): boolean {
  return onTime([...taken, due], looks) === taken.length + 1;
}

/** How many of the first looks did, with steps that are equal in the share of the plan and in what they know. */
function onTime(all: readonly DueLook[], looks: number): number {
  const isStep = (share: number, look: number) => Math.abs(share - look / looks) <= ON_TIME;
  const late = all.findIndex(
    ({ fraction, information }, at) =>
      !all
        .slice(0, at + 1)
        .every(
          (each, before) =>
            each.look === before + 1 &&
            isStep(each.fraction, each.look) &&
            isStep((each.information / information) * fraction, each.look),
        ),
  );
  return late < 0 ? all.length : late;
}

/** What the first looks spent by the plan's own bounds is spent. */
function spentSoFar(due: DueLook, taken: readonly LookTaken[], looks: number) {
  const all = [...taken, due];
  const options: SpendingOptions = {
    isFinal: due.isFinal,
    opening: { looks, onTime: onTime(taken, looks) },
    information: all.map(({ information }) => information),
  };
  return { fractions: all.map(({ fraction }) => fraction), options };
}

export interface ArmLook {
  arm: string;
  p: number | null;
  difference: number | null;
}

/**
 * Takes a look: each arm's p of the whole plan times the number of arms (Bonferroni), and who crossed, now or earlier: where |z| is at
 * or above the bound, which is that of alpha over the number of arms. So are the interval and the planned size, and none of them
 * contradicts another; by Holm an arm could be told as better whose interval reaches over 0.
 */
export function takeLook(
  due: DueLook,
  taken: readonly LookTaken[],
  design: Design,
  at: string,
  arms: readonly ArmLook[],
): LookTaken {
  const { bound } = levelOf(due, taken, design, design.alpha / Math.max(1, arms.length));
  const before = (arm: string) => taken.map((look) => look.arms.find((each) => each.arm === arm));
  return {
    ...due,
    at,
    arms: arms.map(({ arm, p, difference }) => {
      const planned = planP(due, taken, design, [...before(arm).map((each) => each?.p ?? null), p]);
      const own = planned === null ? null : Math.min(1, planned * arms.length);
      const wasCrossed = before(arm).some((each) => each?.isCrossed);
      return {
        arm,
        p,
        z: p === null ? null : Math.sign(difference ?? 0) * zOf(p),
        bound,
        adjustedP: own,
        isCrossed: wasCrossed || (own !== null && own <= design.alpha),
      };
    }),
  };
}
