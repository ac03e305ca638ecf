// S5: all looks of a plan together find a difference that is none as often as alpha says.
import type { Count } from '../../../src/stats/count.ts';
import { compareMeans } from '../../../src/stats/means.ts';
import type { Moments } from '../../../src/stats/moments.ts';
import { compareProportions } from '../../../src/stats/proportions.ts';
import { type All, type InCommon, informationGrowth } from '../../../src/stats/sequential/information.ts';
import { type Boundary, lookAlpha } from '../../../src/stats/sequential/plan.ts';
import { spendingBounds } from '../../../src/stats/sequential/spending.ts';
import { mergeMoments } from '../golden/variants/moments.ts';
import type { Random } from './random.ts';
import { normalMoments } from './samples.ts';
import { type Measure, rateOf, share, type Trial } from './trial.ts';

/** A look: units per arm by then, and the level of its test. */
interface Look {
  units: number;
  alpha: number;
}

const ALPHA = 0.05;
const UNITS = 2000;
const RATE = 0.3;
/** Bounds are for normal statistics; those of data are nearly so. */
const SLACK = 0.0013;

/** The levels that the product gives to the looks of a plan. */
export function pocockLevel(look: number, looks: number): number {
  return lookAlpha(look, looks, ALPHA, 'pocock');
}

export function pocock(looks: number, metric: 'binary' | 'continuous', level = pocockLevel): Trial {
  const plan = Array.from({ length: looks }, (_, i) => ({
    units: (UNITS * (i + 1)) / looks,
    alpha: level(i + 1, looks),
  }));
  const id = `S5 false alarms of ${looks} looks by Pocock, ${metric}`;
  return trialOf(
    plan,
    metric,
    share(id, ALPHA, SLACK),
    `${looks} equally spaced looks, ${UNITS} units each at the end`,
  );
}

export function obrienFleming(looks: number): Trial {
  const plan = Array.from({ length: looks }, (_, i) => ({
    units: (UNITS * (i + 1)) / looks,
    alpha: lookAlpha(i + 1, looks, ALPHA, 'obrien-fleming'),
  }));
  const id = `S5 false alarms of ${looks} looks by O'Brien and Fleming, continuous`;
  return trialOf(
    plan,
    'continuous',
    share(id, ALPHA, SLACK),
    `${looks} equally spaced looks, early ones strict`,
  );
}

export function unequal(boundary: Boundary): Trial {
  const fractions = [0.1, 0.35, 0.4, 0.9, 1];
  const levels = spendingBounds(fractions, ALPHA, boundary);
  const plan = fractions.map((fraction, i) => ({
    units: Math.round(fraction * UNITS),
    alpha: levels[i]?.nominalAlpha ?? 0,
  }));
  const measure = share(`S5 false alarms of unequal looks by Lan and DeMets, ${boundary}`, ALPHA, SLACK);
  return trialOf(
    plan,
    'continuous',
    measure,
    `Looks at ${fractions.join(', ')} of ${UNITS} units, ${boundary}`,
  );
}

/** Why a look beyond the plan is refused: the bound of 5 looks at 10. */
export function reused(): Trial {
  const plan = Array.from({ length: 10 }, (_, i) => ({
    units: (UNITS * (i + 1)) / 10,
    alpha: pocockLevel(1, 5),
  }));
  const measure = share(
    'S5 false alarms of 10 looks at a bound for 5, which is refused',
    0.0715,
    [0.007, 0.008],
  );
  return trialOf(plan, 'continuous', measure, '10 looks at the bound of a plan of 5');
}

/** Whoever has no window goes on telling, so that looks know more by the calendar than their units say. */
export function openWindows(
  boundary: Boundary,
  growthOf: typeof informationGrowth = informationGrowth,
): Trial {
  const times = [0.2, 0.4, 0.6, 0.8, 1];
  const measure = share(
    `S5 false alarms of looks by the calendar without a window, ${boundary}`,
    ALPHA,
    SLACK,
  );
  return {
    design: `Steady traffic of 2 x 600 units who convert with a hazard of 3, ${times.length} looks by ${boundary}`,
    runs: 10_000,
    measures: [measure],
    simulate: (random, runs) => [rateOf(runs, () => isCrossedWith(600, times, random, boundary, growthOf))],
  };
}

function isCrossedWith(
  units: number,
  times: readonly number[],
  random: Random,
  boundary: Boundary,
  growthOf: typeof informationGrowth,
): boolean {
  const arms = [0, 1].map(() =>
    Array.from({ length: units }, () => {
      const cameAt = random.uniform();
      return { cameAt, convertedAt: cameAt - Math.log(random.uniform()) / 3 };
    }),
  );
  const counts = times.map((time) =>
    arms.map((arm) => ({
      conversions: arm.filter(({ convertedAt }) => convertedAt <= time).length,
      n: arm.filter(({ cameAt }) => cameAt <= time).length,
    })),
  );
  const information = [1];
  return times.some((time, k) => {
    const [control, treatment] = counts[k] as [Count, Count];
    if (k > 0) {
      const early = arms.map((arm) => arm.filter(({ cameAt }) => cameAt <= (times[k - 1] as number)));
      const growth = growthOf(...inCommon(counts[k - 1] as Count[], counts[k] as Count[], early, time));
      information.push((information[k - 1] as number) * (growth ?? 1));
    }
    const { p } = compareProportions(control, treatment, ALPHA);
    // No look has a level above alpha.
    if (p === null || p > ALPHA) return false;
    const options = { information, isFinal: k === times.length - 1 };
    const level = spendingBounds(times.slice(0, k + 1), ALPHA, boundary, options).at(-1);
    return p <= (level?.nominalAlpha ?? 0);
  });
}

/** What conversions of those who came early had in common with what they are now: whoever had converted has. */
function inCommon(
  before: readonly Count[],
  now: readonly Count[],
  early: readonly (readonly { convertedAt: number }[])[],
  time: number,
): [InCommon, All] {
  const squares = ({ conversions, n }: Count) => conversions * (1 - conversions / n);
  const total = (ofArm: (arm: number) => number) => ofArm(0) + ofArm(1);
  const since = early.map((arm) => ({
    conversions: arm.filter(({ convertedAt }) => convertedAt <= time).length,
    n: arm.length,
  }));
  const at = (counts: readonly Count[], arm: number) => counts[arm] as Count;
  return [
    {
      changed: total((arm) => at(since, arm).conversions - at(before, arm).conversions),
      n: total((arm) => at(before, arm).n),
      before: total((arm) => squares(at(before, arm))),
      now: total((arm) => squares(at(since, arm))),
      products: total((arm) => {
        const { conversions, n } = at(before, arm);
        return conversions * (1 - at(since, arm).conversions / n);
      }),
    },
    { n: total((arm) => at(now, arm).n), now: total((arm) => squares(at(now, arm))) },
  ];
}

function trialOf(
  plan: readonly Look[],
  metric: 'binary' | 'continuous',
  measure: Measure,
  design: string,
): Trial {
  const makeCourse = metric === 'binary' ? binaryCourse : continuousCourse;
  return {
    design,
    runs: 40_000,
    measures: [measure],
    simulate: (random, runs) => {
      const course = makeCourse(random);
      return [rateOf(runs, () => isCrossedIn(plan, course()))];
    },
  };
}

/** The p-value at so many units per arm; asked with more and more units. */
type Course = (units: number, alpha: number) => number | null;

function isCrossedIn(plan: readonly Look[], course: Course): boolean {
  return plan.some(({ units, alpha }) => {
    const p = course(units, alpha);
    return p !== null && p <= alpha;
  });
}

function binaryCourse(random: Random): () => Course {
  // The same counts come again and again over the runs, and the product's answer to them is the same.
  const known = new Map<string, number | null>();
  return () => {
    let [n, control, treatment] = [0, 0, 0];
    return (units, alpha) => {
      control += random.binomial(units - n, RATE);
      treatment += random.binomial(units - n, RATE);
      n = units;
      const key = `${n} ${control} ${treatment}`;
      const before = known.get(key);
      if (before !== undefined) return before;
      const { p } = compareProportions({ conversions: control, n }, { conversions: treatment, n }, alpha);
      known.set(key, p);
      return p;
    };
  };
}

function continuousCourse(random: Random): () => Course {
  return () => {
    let control: Moments = { n: 0, mean: null, variance: null };
    let treatment = control;
    return (units, alpha) => {
      const more = units - control.n;
      control = mergeMoments(control, normalMoments(random, more, 10, 4));
      treatment = mergeMoments(treatment, normalMoments(random, more, 10, 4));
      return compareMeans(control, treatment, alpha).p;
    };
  };
}

const PLANS = [2, 5, 10, 20];

export const looks: readonly Trial[] = [
  ...PLANS.map((number) => pocock(number, 'binary')),
  ...PLANS.map((number) => pocock(number, 'continuous')),
  obrienFleming(5),
  unequal('pocock'),
  unequal('obrien-fleming'),
  reused(),
  openWindows('pocock'),
  openWindows('obrien-fleming'),
];
