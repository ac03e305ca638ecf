// Score intervals against their definition by brute force, Fisher's test against all tables, and what is said beside the numbers.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Count } from '../../src/stats/count.ts';
import { compareProportions } from '../../src/stats/proportions.ts';
import { differenceInterval } from '../../src/stats/score/difference.ts';
import { ratioInterval, ratioStatistic } from '../../src/stats/score/ratio.ts';
import { counts } from './arbitrary.ts';
import { fisherP } from './golden/variants/fisher.ts';
import { rateInterval } from './golden/variants/wilson.ts';

const Z = 1.959963984540054;
const small = fc.tuple(fc.nat(40), fc.nat(40), fc.nat(40), fc.nat(40)).map(([a, b, c, d]) => {
  const count = (conversions: number, others: number): Count => ({
    conversions,
    n: conversions + others + 1,
  });
  return [count(a, b), count(c, d)] as const;
});

describe('score intervals', () => {
  it('end where the statistic at the most likely rates of that difference is z²', () => {
    fc.assert(
      fc.property(small, ([control, treatment]) => {
        const d = rate(treatment) - rate(control);
        for (const end of differenceInterval(control, treatment, Z)) {
          if (Math.abs(end) > 1 - 1e-9) continue;
          const [low, high] = [Math.max(0, -end), Math.min(1, 1 - end)];
          const pc = maximum((p) => likelihood(control, p) + likelihood(treatment, p + end), low, high);
          const variance = binomial(pc, control.n) + binomial(pc + end, treatment.n);
          expect((d - end) ** 2 / variance).toBeCloseTo(Z * Z, 3);
        }
      }),
      { seed: 6, numRuns: 300 },
    );
  });

  it('end where the statistic at the most likely rates of that ratio is z²', () => {
    fc.assert(
      fc.property(small, ([control, treatment]) => {
        for (const ratio of ratioInterval(control, treatment, Z)) {
          if (ratio === 0 || ratio === Number.POSITIVE_INFINITY) continue;
          const high = Math.min(1, 1 / ratio);
          const pc = maximum((p) => likelihood(control, p) + likelihood(treatment, p * ratio), 0, high);
          const variance = binomial(pc * ratio, treatment.n) + ratio ** 2 * binomial(pc, control.n);
          expect((rate(treatment) - ratio * rate(control)) ** 2 / variance).toBeCloseTo(Z * Z, 3);
          expect(Math.abs(ratioStatistic(control, treatment, ratio) as number)).toBeCloseTo(Z, 8);
        }
      }),
      { seed: 6, numRuns: 300 },
    );
  });

  it('at the z that the pooled test has end at no difference: they are one test', () => {
    fc.assert(
      fc.property(counts(), counts(), (control, treatment) => {
        const { statistic } = compareProportions(control, treatment, 0.05);
        if (statistic === null || Math.abs(statistic) < 0.01) return;
        const nearest = (ends: readonly number[]) => ends[statistic > 0 ? 0 : 1];
        expect(nearest(differenceInterval(control, treatment, Math.abs(statistic)))).toBeCloseTo(0, 10);
        const ratio = nearest(ratioInterval(control, treatment, Math.abs(statistic))) as number;
        expect(Math.log(ratio)).toBeCloseTo(0, 8);
        expect(ratioStatistic(control, treatment, 1)).toBeCloseTo(statistic, 8);
      }),
      { seed: 6, numRuns: 2000 },
    );
  });

  it('where nobody converted are those of one rate', () => {
    const [lower, upper] = differenceInterval({ conversions: 0, n: 40 }, { conversions: 0, n: 50 }, Z);
    expect(lower).toBeCloseTo(-(Z * Z) / (40 + Z * Z), 12);
    expect(upper).toBeCloseTo((Z * Z) / (50 + Z * Z), 12);
  });
});

describe('Fisher’s exact test', () => {
  it('adds up the tables that are at most as likely', () => {
    fc.assert(
      fc.property(small, ([control, treatment]) => {
        expect(fisherP(control, treatment)).toBeCloseTo(byEnumeration(control, treatment), 9);
      }),
      { seed: 6, numRuns: 300 },
    );
  });
});

describe('compareProportions', () => {
  const count = (conversions: number, n: number): Count => ({ conversions, n });

  it.each([
    [
      count(0, 0),
      count(5, 50),
      { reason: 'no data', lacking: 'control', difference: null, interval: null, cautions: [] },
    ],
    [count(5, 50), count(0, 0), { reason: 'no data', lacking: 'treatment', p: null }],
    [count(0, 0), count(0, 0), { reason: 'no data', lacking: 'both' }],
    [count(0, 40), count(0, 50), { reason: 'no conversions', p: null, difference: 0, lift: null }],
    [count(40, 40), count(50, 50), { reason: 'all converted', p: null, difference: 0, lift: 0 }],
    [count(0, 500), count(6, 500), { lift: null, cautions: ['zero baseline', 'low counts'] }],
    [
      count(50, 50),
      count(0, 50),
      { difference: -1, interval: { lower: -1, upper: expect.closeTo(-0.9, 1) } },
    ],
    [count(0, 50), count(50, 50), { difference: 1, interval: { lower: expect.closeTo(0.9, 1), upper: 1 } }],
    [count(6, 500), count(0, 500), { lift: -1, cautions: ['low counts'] }],
    [count(4, 50), count(5, 50), { minExpectedCount: 4.5, cautions: ['low counts'] }],
    [count(5, 50), count(5, 50), { minExpectedCount: 5, cautions: [] }],
    [count(100, 1000), count(120, 1000), { cautions: [], minExpectedCount: 110 }],
  ])('%j with %j', (control, treatment, expected) => {
    expect(compareProportions(control, treatment, 0.05)).toMatchObject(expected);
  });

  it('has an interval also where there is no test, and it is not of width 0', () => {
    const { interval, standardError } = compareProportions(count(0, 40), count(0, 50), 0.05);
    expect(interval?.lower).toBeLessThan(-0.05);
    expect(interval?.upper).toBeGreaterThan(0.05);
    expect(standardError).toBeNull();
  });

  it('has a lift’s interval without an upper end where the baseline is 0', () => {
    const { liftInterval, p } = compareProportions(count(0, 500), count(6, 500), 0.05);
    expect(p).toBeLessThan(0.05);
    expect(liftInterval?.lower).toBeGreaterThan(0);
    expect(liftInterval?.upper).toBeNull();
  });

  it('says a p that is too small for a number as the smallest number', () => {
    expect(compareProportions(count(0, 1e9), count(1e9, 1e9), 0.05).p).toBe(Number.MIN_VALUE);
  });

  it('tells a unit in a billion', () => {
    const { difference, statistic } = compareProportions(count(5e8, 1e9), count(5e8 + 1, 1e9), 0.05);
    expect(difference).toBe(1e-9);
    expect(statistic).toBeCloseTo(4.47213595499958e-5, 18);
  });

  it.each([
    ['conversions-exceed-n', count(12, 10), count(5, 10), 0.05],
    ['negative-count', count(-1, 10), count(5, 10), 0.05],
    ['non-integer-count', count(2.5, 10), count(5, 10), 0.05],
    ['not-finite', count(3, Number.NaN), count(5, 10), 0.05],
    ['unsafe-integer', count(1, 2 ** 53), count(5, 10), 0.05],
    ['alpha-out-of-range', count(1, 10), count(5, 10), 0],
    ['alpha-out-of-range', count(1, 10), count(5, 10), 1],
    ['alpha-out-of-range', count(1, 10), count(5, 10), Number.NaN],
  ])('refuses %s', (fault, control, treatment, alpha) => {
    expect(() => compareProportions(control, treatment, alpha)).toThrow(expect.objectContaining({ fault }));
  });

  it('a rate has an interval unless there is no unit', () => {
    expect(rateInterval(count(0, 0), 0.05)).toBeNull();
    expect(rateInterval(count(0, 10), 0.05)).toEqual({ lower: 0, upper: expect.closeTo(0.27753279986, 10) });
    expect(rateInterval(count(10, 10), 0.05)).toEqual({ lower: expect.closeTo(0.72246720013, 10), upper: 1 });
  });
});

function rate({ conversions, n }: Count): number {
  return conversions / n;
}

function binomial(p: number, n: number): number {
  return (p * (1 - p)) / n;
}

function likelihood({ conversions, n }: Count, p: number): number {
  const term = (k: number, q: number) => (k === 0 ? 0 : k * Math.log(Math.max(q, 0)));
  return term(conversions, p) + term(n - conversions, 1 - p);
}

/** Of a concave function: ternary search. */
function maximum(f: (x: number) => number, lower: number, upper: number): number {
  let [low, high] = [lower, upper];
  for (let step = 0; step < 200; step++) {
    const [a, b] = [low + (high - low) / 3, high - (high - low) / 3];
    if (f(a) < f(b)) low = a;
    else high = b;
  }
  return (low + high) / 2;
}

function byEnumeration(control: Count, treatment: Count): number {
  const converted = control.conversions + treatment.conversions;
  const choose = (n: number, k: number): bigint => {
    if (k < 0 || k > n) return 0n;
    let result = 1n;
    for (let i = 1; i <= k; i++) result = (result * BigInt(n - k + i)) / BigInt(i);
    return result;
  };
  const ways = (x: number) => choose(treatment.n, x) * choose(control.n, converted - x);
  const all = Array.from({ length: converted + 1 }, (_, x) => ways(x));
  const atMost = all.filter((count) => count <= ways(treatment.conversions));
  const sum = (parts: bigint[]) => parts.reduce((a, b) => a + b, 0n);
  return Number((sum(atMost) * 10n ** 15n) / sum(all)) / 1e15;
}
