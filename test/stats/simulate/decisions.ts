// S8 to S10: guardrails, families of metrics, and ratios promise no more than they keep.
import { normalTail } from '../../../src/stats/distributions/normal.ts';
import { guardrailOfMeans, guardrailOfProportions } from '../../../src/stats/guardrail.ts';
import type { Moments } from '../../../src/stats/moments.ts';
import { benjaminiHochberg, holm } from '../../../src/stats/multiple.ts';
import { compareRatios, type RatioMoments } from '../../../src/stats/ratios.ts';
import type { Random } from './random.ts';
import { normalMoments } from './samples.ts';
import { type Measure, mean, rateOf, share, type Trial } from './trial.ts';

const MARGIN = 0.02;

const isSafe = (control: Moments, treatment: Moments) =>
  guardrailOfMeans(control, treatment, { direction: 'increase', margin: MARGIN, alpha: 0.05 }).verdict ===
  'safe';

/** A loss of exactly the margin is the largest that may be called safe by mistake, and then with alpha. */
export function atMargin(judge = isSafe): Trial {
  return {
    design: `2000 units each, mean 10, standard deviation 5, a loss of the margin of ${MARGIN}`,
    runs: 20_000,
    measures: [share('S8 a loss of the margin is called safe', 0.05)],
    simulate: (random, runs) => [
      rateOf(runs, () => {
        const control = normalMoments(random, 2000, 10, 5);
        return judge(control, normalMoments(random, 2000, 10 * (1 - MARGIN), 5));
      }),
    ],
  };
}

/** The same for a rate. */
const rateAtMargin: Trial = {
  design: `5000 units each at the rate 0.3, a loss of the margin of ${MARGIN}`,
  runs: 20_000,
  measures: [share('S8 a loss of the margin is called safe, of a rate', 0.05, 0.001)],
  simulate: (random, runs) => [
    rateOf(runs, () => {
      const count = (rate: number) => ({ conversions: random.binomial(5000, rate), n: 5000 });
      const plan = { direction: 'increase', margin: MARGIN, alpha: 0.05 } as const;
      return guardrailOfProportions(count(0.3), count(0.3 * (1 - MARGIN)), plan).verdict === 'safe';
    }),
  ],
};

type Adjust = (ps: readonly number[]) => readonly (number | null)[];

/** Family-wise: any of ten correlated metrics that did not move. Holm keeps below alpha the more, the more they correlate. */
export function tenNulls(adjust: Adjust = holm): Trial {
  const measure: Measure = {
    id: 'S9 any false alarm of 10 metrics, Holm',
    expected: '<= 0.05',
    accept: (runs) => [share('', 0.05, 0.024).accept(runs)[0], share('', 0.05).accept(runs)[1]],
  };
  return {
    design: '10 metrics with a correlation of 0.5, none moved',
    runs: 20_000,
    measures: [measure],
    simulate: (random, runs) => [
      rateOf(runs, () => {
        const common = random.normal();
        const ps = Array.from({ length: 10 }, () => pOf((common + random.normal()) / Math.SQRT2));
        return adjust(ps).some((p) => p !== null && p <= 0.05);
      }),
    ],
  };
}

/** For independent metrics the rate is exactly the share that did not move times q. */
export const threeOfTen: Trial = {
  design: '10 independent metrics, 3 moved by 3 standard errors, q = 0.05',
  runs: 20_000,
  measures: [mean('S9 share of false ones among the found, Benjamini and Hochberg', 0.035, 0.004, 20_000)],
  simulate: (random, runs) => {
    let sum = 0;
    for (let run = 0; run < runs; run++) {
      const ps = Array.from({ length: 10 }, (_, i) => pOf(random.normal() + (i < 3 ? 3 : 0)));
      const found = benjaminiHochberg(ps).map((p) => p !== null && p <= 0.05);
      const falseOnes = found.slice(3).filter(Boolean).length;
      sum += falseOnes / Math.max(1, found.filter(Boolean).length);
    }
    return [sum / runs];
  },
};

function pOf(z: number): number {
  return 2 * normalTail(Math.abs(z));
}

type TestOfRatios = (control: RatioMoments, treatment: RatioMoments) => number | null;
const ofRatios: TestOfRatios = (control, treatment) => compareRatios(control, treatment, 0.05).p;

/** Conversions per session, where users have many sessions and differ in how they convert: sessions are not independent. */
export function clusteredSessions(test = ofRatios): Trial {
  return {
    design: '500 users each with 1 to many sessions, conversions per session, no effect',
    runs: 4000,
    measures: [share('S10 false alarms of a ratio, delta method', 0.05, 0.004)],
    simulate: (random, runs) => [
      rateOf(runs, () => (test(usersOf(random, 500), usersOf(random, 500)) ?? 1) < 0.05),
    ],
  };
}

function usersOf(random: Random, n: number): RatioMoments {
  const conversions = new Float64Array(n);
  const sessions = new Float64Array(n);
  for (let user = 0; user < n; user++) {
    const number = 1 + Math.floor(random.gamma(4) * 5);
    sessions[user] = number;
    conversions[user] = random.binomial(number, random.beta(0.6, 1.4));
  }
  return ratioMoments(conversions, sessions);
}

function ratioMoments(numerator: Float64Array, denominator: Float64Array): RatioMoments {
  const n = numerator.length;
  const [a, b] = [numerator, denominator].map((values) => values.reduce((x, y) => x + y, 0) / n) as [
    number,
    number,
  ];
  let [aa, bb, ab] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const [da, db] = [(numerator[i] as number) - a, (denominator[i] as number) - b];
    aa += da * da;
    bb += db * db;
    ab += da * db;
  }
  return {
    n,
    numerator: { mean: a, variance: aa / (n - 1) },
    denominator: { mean: b, variance: bb / (n - 1) },
    covariance: ab / (n - 1),
  };
}

export const decisions: readonly Trial[] = [
  atMargin(),
  rateAtMargin,
  tenNulls(),
  threeOfTen,
  clusteredSessions(),
];
