// Equally spaced planned looks: their bounds, the p-value that belongs to the plan, and what the plan costs.
import { InvalidInputError } from '../computed.ts';
import { normalQuantile, normalTail } from '../distributions/normal.ts';
import { checkAlpha } from '../input.ts';
import { rootBetween } from '../root.ts';
import { advance, crossing, type Inside, stillInside } from './random-walk.ts';

export type Boundary = 'pocock' | 'obrien-fleming';

const MOST_LOOKS = 1000;
/** Beyond it the recursion has no figures left. */
const FARTHEST_STRENGTH = 9;

/**
 * The bound on |Z| at each look, from the first: under no effect, one of `looks` equally spaced looks is at or above its own with the
 * probability alpha. Pocock: the same c at each (1977). O'Brien and Fleming: C * sqrt(looks / k) at look k, C at the last (1979).
 * Solved from the recursion of random-walk.ts (Jennison & Turnbull 2000, tables 2.1 and 2.3), good to about 1e-12.
 * `looks` 1 … 1000, alpha in (0, 1), two-sided. One look has the fixed z.
 * @throws InvalidInputError `looks-out-of-range`, `alpha-out-of-range`
 */
export function plannedBounds(looks: number, alpha: number, boundary: Boundary): number[] {
  return boundsOf(looks, constantOf(looks, alpha, boundary), boundary);
}

/**
 * The level of look number `look` (from 1): its test is a crossing where the two-sided p is at or below this, and the interval of
 * confidence 1 - lookAlpha is the repeated confidence interval, all of which hold together (Jennison & Turnbull 2000, ch. 9).
 * @throws InvalidInputError `alpha-exhausted` beyond the plan: what it promises holds for its own looks only
 */
export function lookAlpha(look: number, looks: number, alpha: number, boundary: Boundary): number {
  const bounds = plannedBounds(looks, alpha, boundary);
  if (!Number.isSafeInteger(look) || look < 1) {
    throw new InvalidInputError('looks-out-of-range', `Looks count from 1, and ${look} is none of them.`);
  }
  const bound = bounds[look - 1];
  if (bound !== undefined) return 2 * normalTail(bound);
  throw new InvalidInputError(
    'alpha-exhausted',
    `Look ${look} is beyond the plan of ${looks}: no alpha is left for it.`,
  );
}

/**
 * What the looks so far say at the strongest, on the plan's own scale: the largest |Z_k| (for O'Brien and Fleming times
 * sqrt(k / looks)). `ps` are the two-sided p-values of looks 1, 2, …; null where none could be computed, which counts as none.
 * @throws InvalidInputError `alpha-exhausted` for more p-values than looks, `p-out-of-range`
 */
export function strongestOf(ps: readonly (number | null)[], looks: number, boundary: Boundary): number {
  checkLooks(looks);
  if (ps.length > looks) {
    throw new InvalidInputError('alpha-exhausted', `${ps.length} looks were made of ${looks} planned ones.`);
  }
  const strengths = ps.map((p, i) => (p === null ? 0 : zOf(p) / scaleOf(i + 1, looks, boundary)));
  return Math.max(0, ...strengths);
}

/** The |Z| that a two-sided p stands for: 0 for p = 1, infinite for p = 0. @throws InvalidInputError `p-out-of-range` */
export function zOf(p: number): number {
  if (!(p >= 0 && p <= 1)) throw new InvalidInputError('p-out-of-range', `A p-value is not ${p}.`);
  return p === 0 ? Number.POSITIVE_INFINITY : Math.abs(normalQuantile(p / 2));
}

/**
 * The p-value that belongs to the plan: P(at any of its looks, the statistic on the plan's scale is at least `strongest`) without an
 * effect. It is at or below alpha exactly where one of the plan's bounds at alpha was crossed, and it never grows from look to look
 * (Jennison & Turnbull 2000, §9.5). Good to 1e-9; below 1e-18 the sum over looks stands for it, which is never too small; one too small for a
 * number is the smallest number.
 * @throws InvalidInputError `looks-out-of-range`, `not-finite` where `strongest` is not 0 or more
 */
export function adjustedP(looks: number, strongest: number, boundary: Boundary): number {
  checkLooks(looks);
  if (!(strongest >= 0)) {
    throw new InvalidInputError('not-finite', `The strongest statistic is 0 or more, and not ${strongest}.`);
  }
  const bounds = boundsOf(looks, strongest, boundary);
  if (strongest > FARTHEST_STRENGTH) {
    const union = bounds.reduce((sum, bound) => sum + 2 * normalTail(bound), 0);
    return Math.max(Number.MIN_VALUE, union);
  }
  return Math.min(1, walkThrough(bounds).crossed);
}

/**
 * What looking costs: `sample` is how many times the fixed sample the plan needs at its last look for the same power, `effect` how many
 * times the minimum effect it has at the same sample, which is the root of that (Jennison & Turnbull 2000, tables 2.2 and 2.4).
 * power in (alpha, 1). @throws InvalidInputError `power-not-above-alpha`, and as plannedBounds
 */
export function inflation(
  looks: number,
  alpha: number,
  power: number,
  boundary: Boundary,
): { sample: number; effect: number } {
  const bounds = plannedBounds(looks, alpha, boundary);
  if (!(power > alpha && power < 1)) {
    throw new InvalidInputError('power-not-above-alpha', `Power is between alpha and 1, and not ${power}.`);
  }
  const { walk } = walkThrough(bounds);
  const fixed = -normalQuantile(alpha / 2) + normalQuantile(power);
  // The mean of Z at the last look, at which the plan has its power.
  const mean = rootBetween((z) => 1 - stillInside(walk, z / Math.sqrt(looks)) - power, 0, 60);
  return { sample: (mean / fixed) ** 2, effect: mean / fixed };
}

/** The constants that were asked for: an experiment asks for its own at every analysis. */
const constants = new Map<string, number>();
const MOST_CONSTANTS = 1000;

function constantOf(looks: number, alpha: number, boundary: Boundary): number {
  checkLooks(looks);
  checkAlpha(alpha);
  const key = `${boundary} ${looks} ${alpha}`;
  const constant = constants.get(key) ?? solvedConstant(looks, alpha, boundary);
  if (constants.size >= MOST_CONSTANTS) constants.clear();
  constants.set(key, constant);
  return constant;
}

/** Between the fixed z, as if there were one look, and Bonferroni's. */
function solvedConstant(looks: number, alpha: number, boundary: Boundary): number {
  const fixed = -normalQuantile(alpha / 2);
  if (looks === 1) return fixed;
  const excess = (constant: number) =>
    Math.log(walkThrough(boundsOf(looks, constant, boundary)).crossed / alpha);
  return rootBetween(excess, fixed, -normalQuantile(alpha / looks / 2));
}

function boundsOf(looks: number, constant: number, boundary: Boundary): number[] {
  return Array.from({ length: looks }, (_, i) => constant * scaleOf(i + 1, looks, boundary));
}

function scaleOf(look: number, looks: number, boundary: Boundary): number {
  return boundary === 'pocock' ? 1 : Math.sqrt(looks / look);
}

/** Looks at the information 1, 2, 3, …, each with its bound: the probability that one is crossed, and what is inside at the end. */
function walkThrough(bounds: readonly number[]): { crossed: number; walk: Inside } {
  let walk: Inside | null = null;
  let crossed = 0;
  bounds.forEach((bound, i) => {
    crossed += crossing(walk, i + 1, bound);
    walk = advance(walk, i + 1, bound, 1);
  });
  return { crossed, walk: walk as unknown as Inside };
}

function checkLooks(looks: number): void {
  if (Number.isSafeInteger(looks) && looks >= 1 && looks <= MOST_LOOKS) return;
  throw new InvalidInputError('looks-out-of-range', `A plan has 1 … ${MOST_LOOKS} looks, and not ${looks}.`);
}
