// S4: an interval of 95 % holds the truth 95 times of 100, for differences and for lifts, with many units and with few.
import type { Comparison } from '../../../src/stats/comparison.ts';
import type { Interval } from '../../../src/stats/computed.ts';
import { compareMeans } from '../../../src/stats/means.ts';
import { compareProportions } from '../../../src/stats/proportions.ts';
import { drawnMoments } from './samples.ts';
import { share, type Trial } from './trial.ts';

/** An end that is null is open. No interval at all says nothing wrong, and is counted as holding the truth. */
function holds(interval: Interval | null, truth: number): boolean {
  if (!interval) return true;
  return (
    (interval.lower ?? Number.NEGATIVE_INFINITY) <= truth &&
    truth <= (interval.upper ?? Number.POSITIVE_INFINITY)
  );
}

function covered(
  runs: number,
  difference: number,
  lift: number,
  compare: () => Comparison,
): [number, number] {
  let [ofDifference, ofLift] = [0, 0];
  for (let run = 0; run < runs; run++) {
    const { interval, liftInterval } = compare();
    if (holds(interval, difference)) ofDifference++;
    if (holds(liftInterval, lift)) ofLift++;
  }
  return [ofDifference / runs, ofLift / runs];
}

/** Score intervals of counts are a little off at some rates, since counts are discrete: within 0.94 and 0.9715. */
const OF_COUNTS = [0.01, 0.0215] as const;

export function rates(n: number, control: number, treatment: number): Trial {
  const where = `n = ${n}, ${control} and ${treatment}`;
  return {
    design: `${n} units each at the rates ${control} and ${treatment}, intervals of 95 %`,
    runs: 40_000,
    measures: [
      share(`S4 coverage of Mee's interval, ${where}`, 0.95, OF_COUNTS),
      share(`S4 coverage of Koopman's interval, ${where}`, 0.95, OF_COUNTS),
    ],
    simulate: (random, runs) =>
      covered(runs, treatment - control, treatment / control - 1, () =>
        compareProportions(
          { conversions: random.binomial(n, control), n },
          { conversions: random.binomial(n, treatment), n },
          0.05,
        ),
      ),
  };
}

export const skewedMeans: Trial = {
  design: '400 units each, gamma of shape 1/2, the treatment a tenth higher',
  runs: 20_000,
  measures: [
    share("S4 coverage of Welch's interval, skewed", 0.95, [0.0045, 0.0014]),
    share("S4 coverage of Fieller's interval, skewed", 0.95, [0.0045, 0.0014]),
  ],
  simulate: (random, runs) => {
    // A gamma of shape 1/2 is half the square of a normal.
    const sample = (factor: number) => drawnMoments(400, () => (factor * random.normal() ** 2) / 2);
    return covered(runs, 0.05, 0.1, () => compareMeans(sample(1), sample(1.1), 0.05));
  },
};

export const coverage: readonly Trial[] = [
  rates(2000, 0.1, 0.11),
  rates(300, 0.02, 0.03),
  rates(100, 0.05, 0.1),
  rates(40, 0.4, 0.5),
  skewedMeans,
];
