// S1 to S3: two arms that are alike are called different as often as alpha says.
import type { Count } from '../../../src/stats/count.ts';
import { compareMeans } from '../../../src/stats/means.ts';
import type { Moments } from '../../../src/stats/moments.ts';
import { compareProportions } from '../../../src/stats/proportions.ts';
import type { Random } from './random.ts';
import { drawnMoments, normalMoments } from './samples.ts';
import { distanceToUniform, rateOf, share, type Trial, uniformity } from './trial.ts';

/** Two-sided p, or null. What is simulated is the product's, unless a test puts a wrong one in its place. */
export type TestOfCounts = (control: Count, treatment: Count) => number | null;
export type TestOfMeans = (control: Moments, treatment: Moments) => number | null;

const ofCounts: TestOfCounts = (control, treatment) => compareProportions(control, treatment, 0.05).p;
const ofMeans: TestOfMeans = (control, treatment) => compareMeans(control, treatment, 0.05).p;

const isAlarm = (p: number | null) => p !== null && p < 0.05;

/** Equal rates. `truth` is the exact size of Pearson's chi-square at these numbers, enumerated: counts are discrete. */
export function binary(n: [number, number], rate: number, truth: number, test = ofCounts): Trial {
  return {
    design: `${n[0]} and ${n[1]} units at the same rate ${rate}, alpha 0.05`,
    runs: 20_000,
    measures: [share(`S1 false alarms of chi-square, ${n[0]}/${n[1]} at ${rate}`, truth)],
    simulate: (random, runs) => {
      const count = (size: number): Count => ({ conversions: random.binomial(size, rate), n: size });
      return [rateOf(runs, () => isAlarm(test(count(n[0]), count(n[1]))))];
    },
  };
}

export const skewed: Trial = {
  design: '1000 units each, lognormal(0, 1)',
  runs: 20_000,
  measures: [
    share("S2 false alarms of Welch's t, lognormal", 0.05, 0.002),
    uniformity("S2 p-values of Welch's t are uniform"),
  ],
  simulate: (random, runs) => {
    const sample = () => drawnMoments(1000, () => Math.exp(random.normal()));
    const ps = Array.from({ length: runs }, () => ofMeans(sample(), sample()) ?? 1);
    return [ps.filter(isAlarm).length / runs, distanceToUniform(ps)];
  },
};

export function unlikeVariances(test = ofMeans): Trial {
  return normalTrial(
    '50 units of standard deviation 3 and 500 of 1',
    share("S3 false alarms of Welch's t, unlike variances", 0.05, 0.002),
    (random) => test(normalMoments(random, 50, 0, 3), normalMoments(random, 500, 0, 1)),
  );
}

/** Welch's t keeps below alpha with so few units. */
export function tiny(test = ofMeans): Trial {
  return normalTrial(
    '5 units each, normal',
    share("S3 false alarms of Welch's t, 5 units each", 0.0445, [0.0035, 0.004]),
    (random) => test(normalMoments(random, 5, 0, 1), normalMoments(random, 5, 0, 1)),
  );
}

function normalTrial(
  design: string,
  measure: Trial['measures'][0],
  p: (random: Random) => number | null,
): Trial {
  return {
    design,
    runs: 20_000,
    measures: [measure],
    simulate: (random, runs) => [rateOf(runs, () => isAlarm(p(random)))],
  };
}

export const falseAlarms: readonly Trial[] = [
  binary([2000, 2000], 0.1, 0.049953),
  binary([1000, 3000], 0.03, 0.049103),
  binary([50, 50], 0.3, 0.049793),
  skewed,
  unlikeVariances(),
  tiny(),
];
