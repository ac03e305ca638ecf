// Answers a reference set's groups on binary metrics; variants that the product does not report are computed here.
import betainc from '@stdlib/math-base-special-betainc';
import type { Count } from '../../../src/stats/count.ts';
import { chiSquareTail } from '../../../src/stats/distributions/chi-square.ts';
import { normalQuantile } from '../../../src/stats/distributions/normal.ts';
import { compareProportions } from '../../../src/stats/proportions.ts';
import { rootBetween } from '../../../src/stats/root.ts';
import { differenceInterval } from '../../../src/stats/score/difference.ts';
import { fisherP } from './variants/fisher.ts';
import { rateInterval } from './variants/wilson.ts';

interface Arms {
  control: Count;
  treatment: Count;
}
type Compared = Arms & { alpha: number };

export const proportionGroups = {
  'chisq.2x2': ({ control, treatment }: Arms) => {
    const compared = compareProportions(control, treatment, 0.05);
    const yates = chiSquare([control, treatment], 0.5);
    return {
      pearson_statistic: compared.chiSquare,
      df: 1,
      pearson_p: compared.p,
      yates_statistic: yates.statistic,
      yates_p: chiSquareTail(yates.statistic, 1),
      min_expected_count: compared.minExpectedCount,
      z_pooled: compared.statistic,
      diff: compared.difference,
      fisher_p_two_sided: fisherP(control, treatment),
    };
  },
  'chisq.2xk': ({ arms }: { arms: Count[] }) => {
    const { statistic, total, lowest } = chiSquare(arms, 0);
    return {
      statistic,
      df: arms.length - 1,
      min_expected_count: lowest,
      cramers_v: Math.sqrt(statistic / total),
      p: chiSquareTail(statistic, arms.length - 1),
    };
  },
  'prop.diff.ci': ({ control, treatment, alpha }: Compared) => {
    const { difference, interval } = compareProportions(control, treatment, alpha);
    const z = -normalQuantile(alpha / 2);
    const n = control.n + treatment.n;
    return {
      diff: difference,
      se_unpooled: unpooled(control, treatment).se,
      ...named('wald', wald(control, treatment, z)),
      ...named('newcombe', newcombe(control, treatment, alpha)),
      ...named('agresti_caffo', wald(withTwoMore(control), withTwoMore(treatment), z)),
      score_lower: interval?.lower,
      score_upper: interval?.upper,
      ...named('miettinen_nurminen', differenceInterval(control, treatment, z * Math.sqrt(n / (n - 1)))),
    };
  },
  'prop.lift.ci': ({ control, treatment, alpha }: Compared) => {
    const { lift, liftInterval } = compareProportions(control, treatment, alpha);
    const z = -normalQuantile(alpha / 2);
    const [pc, pt] = [rate(control), rate(treatment)];
    const [ofControl, ofTreatment] = [(1 - pc) / (pc * control.n), (1 - pt) / (pt * treatment.n)];
    const logSe = Math.sqrt(ofControl + ofTreatment);
    const linearSe =
      Math.sqrt((pt * (1 - pt)) / treatment.n + ((pt / pc) ** 2 * pc * (1 - pc)) / control.n) / pc;
    return {
      lift,
      score_lower: liftInterval?.lower,
      score_upper: liftInterval?.upper ?? Number.POSITIVE_INFINITY,
      log_se: logSe,
      ...named(
        'log',
        [-1, 1].map((side) => (pt / pc) * Math.exp(side * z * logSe) - 1),
      ),
      linear_se: linearSe,
      ...named(
        'linear',
        [-1, 1].map((side) => pt / pc - 1 + side * z * linearSe),
      ),
    };
  },
  'prop.single.ci': ({ conversions, n, alpha }: Count & { alpha: number }) => {
    const wilson = rateInterval({ conversions, n }, alpha);
    return {
      rate: conversions / n,
      wilson_lower: wilson?.lower,
      wilson_upper: wilson?.upper,
      ...named('clopper_pearson', clopperPearson(conversions, n, alpha)),
    };
  },
};

function rate({ conversions, n }: Count): number {
  return conversions / n;
}

function named(name: string, [lower, upper]: readonly number[]): Record<string, number> {
  return { [`${name}_lower`]: lower as number, [`${name}_upper`]: upper as number };
}

/** Over both outcomes of all arms, each |O - E| less by `correction` (Yates 1934). */
function chiSquare(arms: readonly Count[], correction: number) {
  const total = arms.reduce((sum, { n }) => sum + n, 0);
  const converted = arms.reduce((sum, { conversions }) => sum + conversions, 0);
  let [statistic, lowest] = [0, Number.POSITIVE_INFINITY];
  for (const { conversions, n } of arms) {
    for (const [observed, share] of [
      [conversions, converted / total],
      [n - conversions, (total - converted) / total],
    ] as const) {
      const expected = n * share;
      const away = Math.abs(observed - expected);
      statistic += (away - Math.min(correction, away)) ** 2 / expected;
      lowest = Math.min(lowest, expected);
    }
  }
  return { statistic, total, lowest };
}

function unpooled(control: Count, treatment: Count) {
  const [pc, pt] = [rate(control), rate(treatment)];
  return { d: pt - pc, se: Math.sqrt((pt * (1 - pt)) / treatment.n + (pc * (1 - pc)) / control.n) };
}

function wald(control: Count, treatment: Count, z: number): [number, number] {
  const { d, se } = unpooled(control, treatment);
  return [d - z * se, d + z * se];
}

/** One more unit that converted, and one that did not (Agresti & Caffo 2000). */
function withTwoMore({ conversions, n }: Count): Count {
  return { conversions: conversions + 1, n: n + 2 };
}

/** From the Wilson intervals of both rates (Newcombe 1998, method 10). */
function newcombe(control: Count, treatment: Count, alpha: number): [number, number] {
  const [c, t] = [rateInterval(control, alpha), rateInterval(treatment, alpha)];
  if (c === null || t === null) throw new Error('a rate of no units');
  const [pc, pt] = [rate(control), rate(treatment)];
  return [pt - pc - Math.hypot(pt - t.lower, c.upper - pc), pt - pc + Math.hypot(t.upper - pt, pc - c.lower)];
}

/** Quantiles of beta distributions (Clopper & Pearson 1934). */
function clopperPearson(x: number, n: number, alpha: number): [number, number] {
  const end = (a: number, b: number, isUpperTail: boolean) =>
    rootBetween((p) => Math.log(betainc(p, a, b, true, isUpperTail) / (alpha / 2)), 0, 1, 1e-18);
  return [x === 0 ? 0 : end(x, n - x + 1, false), x === n ? 1 : end(x + 1, n - x, true)];
}
