// The split between arms: Pearson's test, the always-valid one, and what neither may say.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { alwaysValidSampleRatio, sampleRatio } from '../../src/stats/sample-ratio.ts';

describe("Pearson's test", () => {
  // By R's chisq.test(observed, p = weights, rescale.p = TRUE).
  test.each<[observed: number[], weights: number[], statistic: number, df: number, p: number]>([
    [[5000, 5100], [1, 1], 0.9900990099009901, 1, 0.3197181768128704],
    [[821588, 815482], [50, 50], 22.77436884189436, 1, 1.8217928726191873e-6],
    [[10_000, 10_465], [1, 1], 10.565599804544345, 1, 0.0011521164479148859],
    [[9000, 1100], [0.9, 0.1], 8.91089108910891, 1, 0.0028347490802594034],
    [[4000, 2100, 1950, 1950], [40, 20, 20, 20], 7.5, 3, 0.057558451972636406],
    [[100_000, 90_000], [1, 1], 526.3157894736842, 1, 1.788438589753019e-116],
    [[100_000_000, 100_050_000], [1, 1], 12.496875781054737, 1, 0.0004076331355227563],
    // An arm without a weight and without units does not count.
    [[500, 520, 0], [1, 1, 0], 0.39215686274509803, 1, 0.5311678365460152],
  ])('%j planned as %j', (observed, weights, statistic, df, p) => {
    const found = sampleRatio(observed, weights);
    expect(found.degreesOfFreedom).toBe(df);
    expect(Math.abs((found.statistic ?? 0) / statistic - 1)).toBeLessThan(1e-12);
    expect(Math.abs((found.p ?? 0) / p - 1)).toBeLessThan(1e-9);
    expect([found.isMismatch, found.cautions]).toEqual([p < 0.001, []]);
  });

  test('an arm that gets nobody is a mismatch, not too few data', () => {
    expect(sampleRatio([1000, 0], [1, 1])).toMatchObject({ isMismatch: true, cautions: [] });
  });

  test('units in an arm that should get none are a mismatch, however the others are split', () => {
    const caution = { isMismatch: true, cautions: ['traffic in an arm of weight 0'] };
    expect(sampleRatio([500, 520, 7], [1, 1, 0])).toMatchObject({ ...caution, statistic: null });
    expect(alwaysValidSampleRatio([500, 520, 7], [1, 1, 0])).toMatchObject({
      ...caution,
      logBayesFactor: null,
    });
  });

  // R's binom.test(O, N, share): 0.45, 0.079, 8e-8, 1e-35, 1e-17 (the first of three arms) and 0.004.
  test.each([
    [[2, 5], [1, 1], false],
    [[3, 97], [1, 99], false],
    [[10, 90], [1, 99], true],
    [[30, 70], [1, 99], true],
    [[90, 9, 1], [49.5, 49.5, 1], true],
    [[0, 9], [1, 1], false],
    [[3, 500, 480], [0.4, 49.8, 49.8], false],
  ])(
    'with fewer than five expected units, %j planned as %j is a mismatch where an exact test would say so',
    (observed, weights, isMismatch) => {
      expect(sampleRatio(observed, weights)).toMatchObject({ isMismatch, cautions: ['low counts'] });
    },
  );

  test.each([
    [[0, 0], [1, 1], 'no data'],
    [[100], [1], 'fewer than two arms'],
    [[100, 0], [1, 0], 'fewer than two arms'],
  ])('%j planned as %j: %s', (observed, weights, reason) => {
    expect(sampleRatio(observed, weights)).toMatchObject({
      p: null,
      statistic: null,
      isMismatch: false,
      reason,
    });
  });
});

describe('the always-valid test', () => {
  // With 50 digits.
  test.each<[observed: number[], weights: number[], concentration: number, logBayesFactor: number]>([
    [[5000, 5100], [1, 1], 10_000, -0.10031030161730937],
    [[50_000, 51_000], [1, 1], 10_000, 3.3011107202033485],
    [[821588, 815482], [1, 1], 10_000, 8.765972292410426],
    [[20, 17, 9], [0.4, 0.4, 0.2], 10_000, -0.003992481170981129],
    [[81, 84, 37], [0.4, 0.4, 0.2], 3, -4.229567126737119],
    [[90_000, 11_000], [0.9, 0.1], 1000, 40.66258650676656],
    [[0, 0], [1, 1], 10_000, 0],
  ])('%j planned as %j, concentration %d', (observed, weights, concentration, expected) => {
    const { logBayesFactor, p } = alwaysValidSampleRatio(observed, weights, concentration);
    expect(Math.abs((logBayesFactor ?? 0) - expected)).toBeLessThan(1e-11 * Math.max(1, Math.abs(expected)));
    expect(p).toBeCloseTo(Math.min(1, Math.exp(-expected)), 12);
  });

  test('unit after unit, evidence is the product of what each unit adds, to 1e8 units', () => {
    // A unit of arm i multiplies the Bayes factor by (a_i + n_i) / (c + N) / t_i: no gamma function is needed to check a step.
    for (const [first, second] of [
      [0, 0],
      [17, 3],
      [4990, 5110],
      [50_003_000, 49_997_000],
      [99_990_000, 10_000],
    ] as const) {
      const before = alwaysValidSampleRatio([first, second], [1, 1]).logBayesFactor ?? 0;
      const after = alwaysValidSampleRatio([first + 1, second], [1, 1]).logBayesFactor ?? 0;
      const step = Math.log((5000 + first) / (10_000 + first + second) / 0.5);
      expect(Math.abs(after - before - step)).toBeLessThan(1e-10 * Math.max(1, Math.abs(before) * 1e-3));
    }
  });

  test('the averaged Bayes factor of the planned split is 1: evidence is not made of nothing', () => {
    let mean = 0;
    let probability = 0.5 ** 60;
    for (let first = 0; first <= 60; first++) {
      mean +=
        probability * Math.exp(alwaysValidSampleRatio([first, 60 - first], [1, 1], 8).logBayesFactor ?? 0);
      probability *= (60 - first) / (first + 1);
    }
    expect(mean).toBeCloseTo(1, 12);
  });

  test('one arm cannot be split wrongly', () => {
    expect(alwaysValidSampleRatio([100], [1])).toMatchObject({ p: null, reason: 'fewer than two arms' });
  });
});

test('neither depends on the scale of weights or the order of arms', () => {
  const arms = fc.array(fc.record({ units: fc.nat(1_000_000), weight: fc.integer({ min: 1, max: 1000 }) }), {
    minLength: 2,
    maxLength: 6,
  });
  fc.assert(
    fc.property(arms, fc.integer({ min: 1, max: 64 }), (split, scale) => {
      const of = (list: typeof split, factor: number) => {
        const [units, weights] = [list.map((arm) => arm.units), list.map((arm) => arm.weight * factor)];
        return [sampleRatio(units, weights).p ?? -1, alwaysValidSampleRatio(units, weights).p ?? -1];
      };
      const one = of(split, 1);
      of(split.toReversed(), 1 / scale).forEach((p, i) => {
        const right = one[i] as number;
        expect(Math.abs(p - right)).toBeLessThanOrEqual(1e-7 * Math.abs(right) + 1e-300);
      });
    }),
    { seed: 6 },
  );
});

describe('what no split can be is refused:', () => {
  test.each([
    [[10, 10], [0, 0], 'weights-sum-to-zero'],
    [[10, 10], [1.5, -0.5], 'negative-weight'],
    [[10, 10], [1, Number.POSITIVE_INFINITY], 'not-finite'],
    [[100, 100, 3], [1, 1], 'length-mismatch'],
    [[100, 100], [1e308, 1e308], 'not-finite'],
    [[-1, 100], [1, 1], 'negative-count'],
    [[1.5, 100], [1, 1], 'non-integer-count'],
    [[Number.NaN, 100], [1, 1], 'not-finite'],
    [[2 ** 53, 100], [1, 1], 'unsafe-integer'],
  ])('%j planned as %j: %s', (observed, weights, fault) => {
    const refused = expect.objectContaining({ name: 'InvalidInputError', fault });
    expect(() => sampleRatio(observed, weights)).toThrow(refused);
    expect(() => alwaysValidSampleRatio(observed, weights)).toThrow(refused);
  });

  test('a concentration of 0, and shares that are next to nothing', () => {
    const refused = expect.objectContaining({ fault: 'concentration-not-positive' });
    expect(() => alwaysValidSampleRatio([1, 2], [1, 1], 0)).toThrow(refused);
    const apart = expect.objectContaining({ fault: 'out-of-range' });
    expect(() => alwaysValidSampleRatio([1, 2], [1e-320, 1])).toThrow(apart);
    expect(() => alwaysValidSampleRatio([2 ** 53 - 1, 1], [1, 1], 1e-300)).toThrow(apart);
  });
});
