// The distribution of a sequential statistic that has not crossed a bound yet, from look to look.
//
// S = Z * sqrt(I) is a Gaussian random walk: its step between looks has the variance of the information gained. The density of
// what is still inside the bounds is carried from look to look by quadrature (Armitage, McPherson & Rowe 1969; Jennison &
// Turnbull 2000, ch. 19). Bounds are symmetric and the null has no drift, so that half of each density says all of it.
import { normalTail } from '../distributions/normal.ts';
import { gaussLegendre } from './gauss-legendre.ts';

/** The walk at a look, given that it is still inside: its density on [0, bound * sqrt(information)), as points with masses. */
export interface Inside {
  information: number;
  points: Float64Array;
  /** Density times weight of quadrature: they sum to half of the probability to be still inside. */
  masses: Float64Array;
}

/** No |Z| above this is followed: it has a probability of 1e-23. */
const FARTHEST = 10;
/** A step longer than this many standard deviations has no density that counts (1e-32). */
const LONGEST_STEP = 12;
const SQRT_TWO_PI = Math.sqrt(2 * Math.PI);

/** P(|Z| >= bound at the information of this look, and at none before), without drift. `before` is null at the first look. */
export function crossing(before: Inside | null, information: number, bound: number): number {
  if (!before) return 2 * normalTail(bound);
  const spread = Math.sqrt(information - before.information);
  const edge = bound * Math.sqrt(information);
  let sum = 0;
  for (let i = 0; i < before.points.length; i++) {
    const from = before.points[i] as number;
    const tails = normalTail((edge - from) / spread) + normalTail((edge + from) / spread);
    sum += (before.masses[i] as number) * tails;
  }
  return 2 * sum;
}

/**
 * The walk inside of `bound` at this look. `finest` is the smallest standard deviation of a step to or from here: the points must
 * lie close enough to follow it.
 */
export function advance(before: Inside | null, information: number, bound: number, finest: number): Inside {
  const edge = Math.min(bound, FARTHEST) * Math.sqrt(information);
  const { nodes, weights } = gaussLegendre(Math.ceil(20 + (2.2 * edge) / finest));
  const points = nodes.map((node) => ((node + 1) * edge) / 2);
  const masses = points.map(
    (to, i) => ((weights[i] as number) * edge * densityAt(before, information, to)) / 2,
  );
  return { information, points, masses };
}

function densityAt(before: Inside | null, information: number, to: number): number {
  if (!before) return gaussian(to / Math.sqrt(information)) / Math.sqrt(information);
  const spread = Math.sqrt(information - before.information);
  let sum = 0;
  for (let i = 0; i < before.points.length; i++) {
    const from = before.points[i] as number;
    const reach = gaussian((to - from) / spread) + gaussian((to + from) / spread);
    sum += (before.masses[i] as number) * reach;
  }
  return sum / spread;
}

function gaussian(x: number): number {
  return x > LONGEST_STEP || x < -LONGEST_STEP ? 0 : Math.exp((-x * x) / 2) / SQRT_TWO_PI;
}

/**
 * P(still inside), where the walk drifts by `drift` per unit of information: the density without drift times the likelihood
 * ratio exp(drift * S - drift² * I / 2), for both signs of S.
 */
export function stillInside(walk: Inside, drift: number): number {
  const loss = (drift * drift * walk.information) / 2;
  let sum = 0;
  for (let i = 0; i < walk.points.length; i++) {
    const gain = drift * (walk.points[i] as number);
    sum += (walk.masses[i] as number) * (Math.exp(gain - loss) + Math.exp(-gain - loss));
  }
  return sum;
}
