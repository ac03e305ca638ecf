// What the simulation plan is made of, and the bounds that chance alone leaves only once in 100,000 times.
import { Random } from './random.ts';

export type Bounds = readonly [lower: number, upper: number];

export interface Measure {
  /** `S1 chi-square, 50 and 50 units at 0.3` say. */
  id: string;
  /** What a right computation gives, in words or as a number. */
  expected: string;
  /** What is accepted after so many runs: the fewer, the wider. */
  accept(runs: number): Bounds;
}

/** Data made with a known truth, put through the product many times. */
export interface Trial {
  design: string;
  /** Of the whole plan. */
  runs: number;
  measures: readonly Measure[];
  /** One number for each measure, in their order. */
  simulate(random: Random, runs: number): readonly number[];
}

export interface Outcome {
  id: string;
  design: string;
  runs: number;
  result: number;
  expected: string;
  accept: Bounds;
  isPassed: boolean;
}

/** How often a right computation may fail a measure. */
const FALSE_ALARM = 1e-5;

export function runTrial(trial: Trial, seed: number, runs = trial.runs): Outcome[] {
  const results = trial.simulate(new Random(seed), runs);
  return trial.measures.map(({ id, expected, accept }, i) => {
    const result = results[i] ?? Number.NaN;
    const [lower, upper] = accept(runs);
    const isPassed = result >= lower && result <= upper;
    return { id, design: trial.design, runs, result, expected, accept: [lower, upper], isPassed };
  });
}

/**
 * A share of the runs whose probability is known: the exact binomial interval around it. `slack` is what the truth itself may be off
 * below and above, where it is an approximation that is simulated.
 */
export function share(id: string, truth: number, slack: number | Bounds = 0): Measure {
  const [below, above] = typeof slack === 'number' ? [slack, slack] : slack;
  const accept = (runs: number): Bounds => {
    const upper = truth + above >= 1 ? 1 : binomialInterval(runs, truth + above)[1];
    return [truth - below <= 0 ? 0 : binomialInterval(runs, truth - below)[0], upper];
  };
  return { id, expected: String(truth), accept };
}

/** A mean whose half width is known at so many runs; it grows with the root as they get fewer. */
export function mean(id: string, truth: number, halfWidth: number, atRuns: number): Measure {
  const accept = (runs: number): Bounds => {
    const width = halfWidth * Math.sqrt(Math.max(1, atRuns / runs));
    return [truth - width, truth + width];
  };
  return { id, expected: String(truth), accept };
}

/** The distance of p-values to the uniform distribution, after Kolmogorov and Smirnov: Massart's bound on one side. */
export function uniformity(id: string): Measure {
  return { id, expected: '0', accept: (runs) => [0, Math.sqrt(Math.log(1 / FALSE_ALARM) / 2 / runs)] };
}

/** The largest distance between the distribution of p-values and the uniform one. */
export function distanceToUniform(ps: readonly number[]): number {
  const ascending = [...ps].sort((a, b) => a - b);
  let farthest = 0;
  ascending.forEach((p, i) => {
    farthest = Math.max(farthest, p - i / ps.length, (i + 1) / ps.length - p);
  });
  return farthest;
}

/** Shares of n trials outside of which Bin(n, p) is with FALSE_ALARM, half of it on each side. p in (0, 1). */
export function binomialInterval(n: number, p: number): Bounds {
  return [lowerCount(n, p) / n, (n - lowerCount(n, 1 - p)) / n];
}

/** The smallest k with P(X <= k) > FALSE_ALARM / 2. Masses relative to the mode's: they need no factorials. */
function lowerCount(n: number, p: number): number {
  const mode = Math.floor((n + 1) * p);
  const masses: number[] = [];
  for (let k = mode, mass = 1; k >= 0 && mass > 1e-30; k--) {
    masses.push(mass);
    mass *= (k * (1 - p)) / ((n - k + 1) * p);
  }
  let total = masses.reduce((a, b) => a + b, 0);
  for (let k = mode + 1, mass = 1; k <= n && mass > 1e-30; k++) {
    mass *= ((n - k + 1) * p) / (k * (1 - p));
    total += mass;
  }
  let below = 0;
  for (let i = masses.length - 1; i >= 0; i--) {
    below += masses[i] as number;
    if (below > (total * FALSE_ALARM) / 2) return mode - i;
  }
  return mode;
}

/** How often `happens` in so many runs. */
export function rateOf(runs: number, happens: () => boolean): number {
  let times = 0;
  for (let run = 0; run < runs; run++) if (happens()) times++;
  return times / runs;
}
