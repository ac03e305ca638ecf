// S6: CUPED takes out the noise that it says it does, and nothing else.
import { compareAdjusted } from '../../../src/stats/cuped.ts';
import type { Random } from './random.ts';
import { pairMoments } from './samples.ts';
import { mean, rateOf, share, type Trial } from './trial.ts';

const RUNS = 20_000;
const UNITS = 300;
const CORRELATION = 0.7;
const EFFECT = 0.25;

function arms(random: Random, effect: number) {
  return [pairMoments(random, UNITS, 5, CORRELATION), pairMoments(random, UNITS, 5 + effect, CORRELATION)];
}

export const cupedEffect: Trial = {
  design: `${UNITS} units each, correlation ${CORRELATION} with the covariate, an effect of ${EFFECT}`,
  runs: RUNS,
  measures: [
    mean('S6 bias of CUPED', 0, 0.0037, RUNS),
    mean('S6 variance of CUPED over that without it', 0.51, 0.025, RUNS),
    mean('S6 reduction of variance that is reported', 0.49, 0.01, RUNS),
    mean('S6 reported standard error over the true one', 1, 0.025, RUNS),
  ],
  simulate: (random, runs) => {
    const raw: number[] = [];
    const adjusted: number[] = [];
    let [reduction, standardError] = [0, 0];
    for (let run = 0; run < runs; run++) {
      const [control, treatment] = arms(random, EFFECT) as [
        ReturnType<typeof pairMoments>,
        ReturnType<typeof pairMoments>,
      ];
      const comparison = compareAdjusted([control, treatment], 0.05).comparisons[0];
      raw.push((treatment.mean ?? 0) - (control.mean ?? 0));
      adjusted.push(comparison?.difference ?? Number.NaN);
      reduction += (comparison?.varianceReduction ?? Number.NaN) / runs;
      standardError += (comparison?.standardError ?? Number.NaN) / runs;
    }
    const [ofRaw, ofAdjusted] = [spreadOf(raw), spreadOf(adjusted)];
    return [
      ofAdjusted.mean - EFFECT,
      ofAdjusted.variance / ofRaw.variance,
      reduction,
      standardError / Math.sqrt(ofAdjusted.variance),
    ];
  },
};

export const cupedNull: Trial = {
  design: `${UNITS} units each, correlation ${CORRELATION} with the covariate, no effect`,
  runs: RUNS,
  measures: [share('S6 false alarms of CUPED', 0.05, 0.002)],
  simulate: (random, runs) => [
    rateOf(runs, () => (compareAdjusted(arms(random, 0), 0.05).comparisons[0]?.p ?? 1) < 0.05),
  ],
};

function spreadOf(values: readonly number[]): { mean: number; variance: number } {
  const center = values.reduce((a, b) => a + b, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - center) ** 2, 0);
  return { mean: center, variance: squares / (values.length - 1) };
}

export const cuped: readonly Trial[] = [cupedEffect, cupedNull];
