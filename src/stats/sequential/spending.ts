// Looks that come when they come: alpha is spent as information arrives (Lan & DeMets 1983).
import type { Caution } from '../computed.ts';
import { InvalidInputError } from '../computed.ts';
import { normalQuantile, normalTail } from '../distributions/normal.ts';
import { checkAlpha } from '../input.ts';
import { rootBetween } from '../root.ts';
import { type Boundary, plannedBounds, zOf } from './plan.ts';
import { advance, crossing, type Inside } from './random-walk.ts';
import { type Start, spentBy, targetOf } from './spending-function.ts';

export interface SpendingLook {
  /** |Z| at or above this is a crossing; null: no stopping at this look. */
  bound: number | null;
  /** The level to hand to a comparison at this look; 0 where there is no stopping. */
  nominalAlpha: number;
  /** Spent at this look, and at all up to it. */
  alphaSpent: number;
  cumulativeAlpha: number;
  cautions: Caution[];
}

/**
 * The first `onTime` looks came when a plan of so many equally spaced `looks` had them, and were held against its bounds. What they
 * spent by these is spent, and later looks share the rest as alpha(t) has it. Without that, going over from one to the other would
 * spend more than alpha: 0.056 for 0.05 where 20 looks by Pocock come late from the eighth on.
 */
export interface Opening {
  looks: number;
  onTime: number;
}

const UNOPENED: Opening = { looks: 1, onTime: 0 };

export interface SpendingOptions {
  /** The last look is the end, whatever its fraction: all that is left is spent. */
  isFinal?: boolean;
  opening?: Opening;
  /**
   * At each look, in any unit: ascending, above 0. Where the fractions are those of a calendar, what they say of information is not
   * true, and how much a look has in common with those before it must be told (Lan & DeMets 1989). The fractions, if left out.
   */
  information?: readonly number[];
}

/** Less than this is not spent yet, but kept for a later look: its bound would be above 9. */
const LEAST_SPENT = 1e-19;
/** Information that grew by less than this part of itself is the same information. */
const LEAST_GAIN = 1e-4;
/** No adjusted p-value is reported below this. */
const LEAST_P = 1e-15;
const FARTHEST_Z = 100;
/** The logarithm of the largest alpha that is tried. */
const ALMOST_ONE = Math.log1p(-1e-9);

/**
 * The bounds of looks at any times: by look k, at time t_k, a plan of alpha has spent alpha(t_k), half of it on each side. What Lan and
 * DeMets gave for the boundary is alpha(t): spending-function.ts.
 * `fractions` are where each look so far is on the way to the planned end, ascending, above 0: units over planned units, or days over
 * planned days. Above 1 the plan is overrun: alpha is spent as at 1. Correlations are those of the `information`.
 * A look without new information spends nothing and has the bound of the one before; one after all alpha is spent has no bound.
 * Good to about 1e-9. A look does not depend on what comes after it.
 * Without an effect some bound is crossed with a probability of at most alpha, as long as when looks come does not depend on what the
 * data say (Lan & DeMets 1989; Jennison & Turnbull 2000, ch. 7).
 * @throws InvalidInputError `information-decreased`, `information-out-of-range`, `length-mismatch`, `alpha-out-of-range`
 */
export function spendingBounds(
  fractions: readonly number[],
  alpha: number,
  boundary: Boundary,
  { isFinal = false, opening = UNOPENED, information = fractions }: SpendingOptions = {},
): SpendingLook[] {
  checkAlpha(alpha);
  checkAscending(fractions, 'is at a share of its plan');
  checkAscending(information, 'has information');
  checkLength(fractions, information, 'numbers of information');
  const last = fractions.length - 1;
  const given = plannedBounds(opening.looks, alpha, boundary).slice(0, opening.onTime);
  const looks: SpendingLook[] = [];
  let walk: Inside | null = null;
  let start: Start = { spent: 0, scheduled: 0 };
  for (const [k, fraction] of fractions.entries()) {
    const isEnd = isFinal && k === last;
    const before = looks.at(-1);
    const known = information[k] as number;
    if (before && walk && !isNews(walk.information, known)) {
      const options = { opening, information };
      looks.push(repeated(isEnd ? endedEarlier(fractions, alpha, boundary, options) : before, before));
      continue;
    }
    const scheduled = spentBy(isEnd ? 1 : Math.min(fraction, 1), alpha, boundary);
    const spentBefore = before?.cumulativeAlpha ?? 0;
    const bound = given[k];
    const look =
      bound === undefined
        ? lookOf(walk, known, targetOf(scheduled, alpha, start), spentBefore)
        : lookAt(walk, known, bound, spentBefore);
    if (bound !== undefined) start = { spent: look.cumulativeAlpha, scheduled };
    looks.push(bound === undefined && fraction > 1 ? { ...look, cautions: ['overrun'] } : look);
    walk = advance(walk, known, look.bound ?? Number.POSITIVE_INFINITY, finestStep(walk, information, k));
  }
  return looks;
}

/**
 * The p-value that belongs to looks at any times: the smallest alpha at which one of them is a crossing. It is at or below alpha exactly
 * where one of spendingBounds at alpha was crossed, and it never grows from look to look (Jennison & Turnbull 2000, §9.5).
 * `ps` are the two-sided p-values of the looks, null where none could be computed. In [1e-15, 1]: below that, 1e-15 is answered;
 * without looks 1.
 * @throws InvalidInputError as spendingBounds, `p-out-of-range`
 */
export function spendingAdjustedP(
  fractions: readonly number[],
  ps: readonly (number | null)[],
  boundary: Boundary,
  options?: SpendingOptions,
): number {
  checkLength(fractions, ps, 'p-values');
  const zs = ps.map((p) => (p === null ? 0 : Math.min(zOf(p), FARTHEST_Z)));
  const excess = (logAlpha: number) => {
    const looks = spendingBounds(fractions, Math.exp(logAlpha), boundary, options);
    return Math.max(
      ...looks.map(({ bound }, k) => (bound === null ? -FARTHEST_Z : (zs[k] as number) - bound)),
    );
  };
  // No bound is below that of a single look, so that no plan's p is below the smallest of its looks, nor far above it.
  const smallest = Math.max(LEAST_P, Math.min(1, ...ps.map((p) => p ?? 1)));
  if (smallest === 1 || excess(Math.log(smallest)) >= 0) return smallest;
  for (let lower = Math.log(smallest); lower < ALMOST_ONE; lower += Math.LN2) {
    const upper = Math.min(lower + Math.LN2, ALMOST_ONE);
    if (excess(upper) >= 0) return Math.exp(rootBetween(excess, lower, upper, 1e-10));
  }
  return 1;
}

/** The bound that spends what there is to spend at this look. */
function lookOf(walk: Inside | null, information: number, target: number, spentBefore: number): SpendingLook {
  const toSpend = target - spentBefore;
  if (toSpend < LEAST_SPENT) {
    return { bound: null, nominalAlpha: 0, alphaSpent: 0, cumulativeAlpha: spentBefore, cautions: [] };
  }
  const marginal = -normalQuantile(toSpend / 2);
  const excess = (bound: number) => Math.log(crossing(walk, information, bound) / toSpend);
  const bound = walk ? rootBetween(excess, 0, marginal) : marginal;
  return {
    bound,
    nominalAlpha: 2 * normalTail(bound),
    alphaSpent: toSpend,
    cumulativeAlpha: target,
    cautions: [],
  };
}

/** A look with a bound that it was given. */
function lookAt(walk: Inside | null, information: number, bound: number, spentBefore: number): SpendingLook {
  const alphaSpent = crossing(walk, information, bound);
  const nominalAlpha = 2 * normalTail(bound);
  return { bound, nominalAlpha, alphaSpent, cumulativeAlpha: spentBefore + alphaSpent, cautions: [] };
}

/** A look at what was seen before: the same bound, unless it is lower now that this is the end. */
function repeated(look: SpendingLook, before: SpendingLook): SpendingLook {
  const cautions = new Set<Caution>([...look.cautions, 'no new information']);
  return { ...look, alphaSpent: look.cumulativeAlpha - before.cumulativeAlpha, cautions: [...cautions] };
}

/** The end as it would have been at the first of the last looks, which all have the same information. */
function endedEarlier(
  fractions: readonly number[],
  alpha: number,
  boundary: Boundary,
  { opening: { looks, onTime }, information }: { opening: Opening; information: readonly number[] },
): SpendingLook {
  const end = information.findIndex((known) => !isNews(known, information.at(-1) as number));
  const options = {
    opening: { looks, onTime: Math.min(onTime, end) },
    information: information.slice(0, end + 1),
  };
  return spendingBounds(fractions.slice(0, end + 1), alpha, boundary, { ...options, isFinal: true }).at(
    -1,
  ) as SpendingLook;
}

function isNews(before: number, now: number): boolean {
  return now - before > before * LEAST_GAIN;
}

/** The smallest standard deviation of a step to or from look k. */
function finestStep(walk: Inside | null, information: readonly number[], k: number): number {
  const here = information[k] as number;
  const next = information.find((known, i) => i > k && isNews(here, known));
  return Math.sqrt(Math.min(here - (walk?.information ?? 0), (next ?? Number.POSITIVE_INFINITY) - here));
}

function checkAscending(numbers: readonly number[], what: string): void {
  for (const [k, number] of numbers.entries()) {
    if (!(number > 0 && Number.isFinite(number))) {
      throw new InvalidInputError('information-out-of-range', `A look ${what} above 0, not ${number}.`);
    }
    if (k > 0 && number < (numbers[k - 1] as number)) {
      throw new InvalidInputError(
        'information-decreased',
        `Look ${k + 1} ${what} below that of the one before: ${number} after ${numbers[k - 1]}.`,
      );
    }
  }
}

function checkLength(looks: readonly unknown[], values: readonly unknown[], what: string): void {
  if (looks.length === values.length) return;
  throw new InvalidInputError('length-mismatch', `${looks.length} looks have ${values.length} ${what}.`);
}
