// P1 to P3: the product's own buckets split units as planned, independently of what they do and of other experiments.
import { BUCKETS, bucketing, shareOf } from '../../../src/engine/bucket.ts';
import { compile } from '../../../src/engine/compile.ts';
import { evaluate } from '../../../src/engine/evaluate.ts';
import { compareMeans } from '../../../src/stats/means.ts';
import { compareProportions } from '../../../src/stats/proportions.ts';
import { sampleRatio } from '../../../src/stats/sample-ratio.ts';
import { snapshotOfBodies } from '../../support/snapshot.ts';
import { momentsOf } from '../golden/variants/moments.ts';
import type { Random } from './random.ts';
import { distanceToUniform, type Measure, share, type Trial, uniformity } from './trial.ts';

const USERS = 5000;
const EVEN = [50, 50];

/** So small a p is no chance among some hundreds. */
function smallestP(id: string, limit: number): Measure {
  return { id, expected: `> ${limit}`, accept: () => [limit, 1] };
}

/** Evaluated as an app would have it: each experiment decides over all users, who do what they do whatever their arm. */
export const sameForAll: Trial = {
  design: `As many experiments as runs, ${USERS} users each, metrics that know nothing of the arm`,
  runs: 1000,
  measures: [
    share('P1 false alarms of a binary metric', 0.05, [0.002, 0]),
    share('P1 false alarms of a continuous metric', 0.05, [0.002, 0]),
    smallestP('P1 smallest p of the split', 1e-6),
    uniformity('P1 p-values of the split are uniform'),
  ],
  simulate: (random, runs) => {
    const results = Array.from({ length: runs }, (_, i) => oneExperiment(random, `experiment-${i}`));
    const alarms = (pick: (result: (typeof results)[0]) => number) =>
      results.filter((result) => pick(result) < 0.05).length / runs;
    const splits = results.map(({ split }) => split);
    return [
      alarms(({ binary }) => binary),
      alarms(({ continuous }) => continuous),
      Math.min(...splits),
      distanceToUniform(splits),
    ];
  },
};

function oneExperiment(random: Random, key: string) {
  const isTreated = treatedBy(saltOf(random), key);
  const conversions = [0, 0];
  const values: [number[], number[]] = [[], []];
  for (let user = 0; user < USERS; user++) {
    const arm = isTreated(`user-${user}`) ? 1 : 0;
    values[arm].push(random.normal() * 3 + 20);
    if (random.uniform() < 0.2) conversions[arm] = (conversions[arm] ?? 0) + 1;
  }
  const [control, treatment] = values.map((ofArm, arm) => ({
    conversions: conversions[arm] ?? 0,
    n: ofArm.length,
  }));
  if (!control || !treatment) throw new Error('An experiment of two arms has two counts.');
  return {
    binary: compareProportions(control, treatment, 0.05).p ?? 1,
    continuous: compareMeans(momentsOf(values[0]), momentsOf(values[1]), 0.05).p ?? 1,
    split: sampleRatio([control.n, treatment.n], EVEN).p ?? 1,
  };
}

/** Whether a flag that the experiment decides over is on for the user. */
function treatedBy(salt: string, key: string): (user: string) => boolean {
  const arms = [
    { variation: 'off', weight: 50 },
    { variation: 'on', weight: 50 },
  ];
  const snapshot = snapshotOfBodies({
    salt,
    flags: { flag: { fallthrough: { experiment: key } } },
    experiments: { [key]: { flag: 'flag', arms } },
  });
  const ruleset = compile(snapshot);
  return (user) => evaluate(ruleset, 'flag', { targetingKey: user }, 0).variation === 'on';
}

/** Pairs of experiments over the same users: who is in which arm of one says nothing about the other. */
export const independent: Trial = {
  design: 'Pairs of experiments over 50,000 users, arms of one by arms of the other',
  runs: 100,
  measures: [
    uniformity('P2 p-values of two experiments crossed are uniform'),
    smallestP('P2 smallest of them', 1e-6),
  ],
  simulate: (random, runs) => {
    const salt = saltOf(random);
    const ps = Array.from({ length: runs }, (_, i) => {
      const one = bucketing(salt, `one-${i}:arms`);
      const other = bucketing(salt, `other-${i}:arms`);
      const [control, treatment] = [
        { conversions: 0, n: 0 },
        { conversions: 0, n: 0 },
      ];
      for (let user = 0; user < 50_000; user++) {
        const unit = `user-${user}`;
        const arm = one(unit) < BUCKETS / 2 ? control : treatment;
        arm.n++;
        if (other(unit) < BUCKETS / 2) arm.conversions++;
      }
      return compareProportions(control, treatment, 0.05).p ?? 1;
    });
    return [distanceToUniform(ps), Math.min(...ps)];
  },
};

const WEIGHTS = [
  [90, 10],
  [33, 33, 34],
  [1, 99],
];

/** Salts and users are the same whatever the seed: the formula has no chance in it, so that this holds for good or never. */
export const weighted: Trial = {
  design: `Salts, 1,000,000 users each, split by ${WEIGHTS.map((weights) => weights.join('/')).join(', ')}`,
  runs: 20,
  measures: [smallestP('P3 smallest p of the split', 1e-4)],
  simulate: (_random, runs) => {
    const ps = Array.from({ length: runs }, (_, i) => {
      const counts = countsOfBuckets(bucketing(`salt-${i}`, 'weights:arms'), 1_000_000);
      return WEIGHTS.map((weights) => sampleRatio(unitsOfArms(counts, weights), weights).p ?? 0);
    });
    return [Math.min(...ps.flat())];
  },
};

function countsOfBuckets(bucketOf: (unit: string) => number, users: number): Int32Array {
  const counts = new Int32Array(BUCKETS);
  for (let user = 0; user < users; user++) {
    const bucket = bucketOf(`user-${user}`);
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  return counts;
}

/** Ranges end to end in the order of the arms. */
function unitsOfArms(counts: Int32Array, weights: readonly number[]): number[] {
  let from = 0;
  return weights.map((weight) => {
    const to = from + shareOf(weight);
    const units = counts.subarray(from, to).reduce((a, b) => a + b, 0);
    from = to;
    return units;
  });
}

function saltOf(random: Random): string {
  return Math.floor(random.uniform() * 2 ** 48).toString(16);
}

export const bucketingTrials: readonly Trial[] = [sameForAll, independent, weighted];
