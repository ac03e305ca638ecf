// Sequential plans: printed tables, another program's numbers, and what must hold for any plan.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normalTail } from '../../src/stats/distributions/normal.ts';
import { rootBetween } from '../../src/stats/root.ts';
import { gaussLegendre } from '../../src/stats/sequential/gauss-legendre.ts';
import {
  adjustedP,
  type Boundary,
  inflation,
  lookAlpha,
  plannedBounds,
  strongestOf,
  zOf,
} from '../../src/stats/sequential/plan.ts';
import { advance, crossing, type Inside } from '../../src/stats/sequential/random-walk.ts';
import { spendingAdjustedP, spendingBounds } from '../../src/stats/sequential/spending.ts';

const BOUNDARIES: Boundary[] = ['pocock', 'obrien-fleming'];
const faulty = (fault: string) => expect.objectContaining({ name: 'InvalidInputError', fault });

/** P(any of these bounds is crossed), where a bound of null is none. */
function crossed(fractions: readonly number[], bounds: readonly (number | null)[]): number {
  const finest =
    Math.sqrt(Math.min(...fractions.map((fraction, i) => fraction - (fractions[i - 1] ?? 0)))) / 2;
  let walk: Inside | null = null;
  let sum = 0;
  fractions.forEach((fraction, i) => {
    const bound = bounds[i] ?? 20;
    sum += crossing(walk, fraction, bound);
    walk = advance(walk, fraction, bound, finest);
  });
  return sum;
}

describe('equally spaced looks', () => {
  // Jennison & Turnbull 2000, tables 2.1 and 2.3, to their three decimals.
  test.each([
    [1, 0.05, 1.96, 1.96],
    [2, 0.05, 2.178, 1.977],
    [5, 0.05, 2.413, 2.04],
    [10, 0.05, 2.555, 2.087],
    [20, 0.05, 2.672, 2.126],
    [5, 0.01, 2.986, 2.621],
    [5, 0.1, 2.122, 1.751],
    [10, 0.01, 3.117, 2.66],
  ])('%d looks at alpha %d', (looks, alpha, pocock, obrienFleming) => {
    expect(plannedBounds(looks, alpha, 'pocock')[0]).toBeCloseTo(pocock, 3);
    expect(plannedBounds(looks, alpha, 'obrien-fleming').at(-1)).toBeCloseTo(obrienFleming, 3);
  });

  test('to more digits', () => {
    expect(plannedBounds(5, 0.05, 'pocock')[0]).toBeCloseTo(2.413176220060986, 12);
    expect(plannedBounds(3, 0.01, 'obrien-fleming').at(-1)).toBeCloseTo(2.5949196641269494, 12);
    expect(plannedBounds(2, 0.01, 'obrien-fleming')[0]).toBeCloseTo(3.648062328665699, 12);
  });

  test('any plan spends alpha, by bounds that its levels say', () => {
    const plans = fc.record({
      looks: fc.integer({ min: 1, max: 40 }),
      alpha: fc.double({ min: 1e-4, max: 0.5, noNaN: true }),
      boundary: fc.constantFrom(...BOUNDARIES),
    });
    fc.assert(
      fc.property(plans, ({ looks, alpha, boundary }) => {
        const bounds = plannedBounds(looks, alpha, boundary);
        const fractions = bounds.map((_, i) => (i + 1) / looks);
        expect(Math.abs(crossed(fractions, bounds) / alpha - 1)).toBeLessThan(1e-9);
        const levels = bounds.map((_, i) => lookAlpha(i + 1, looks, alpha, boundary));
        expect(levels).toEqual(bounds.map((bound) => 2 * normalTail(bound)));
        expect(adjustedP(looks, bounds.at(-1) ?? 0, boundary)).toBeCloseTo(alpha, 10);
      }),
      { seed: 6, numRuns: 40 },
    );
  });

  test('a hundred looks still spend alpha', () => {
    for (const boundary of BOUNDARIES) {
      const constant = plannedBounds(100, 0.001, boundary).at(-1) ?? 0;
      expect(adjustedP(100, constant, boundary)).toBeCloseTo(0.001, 12);
    }
  });

  test.each([
    [5, 2, 0.13028895278841499],
    [5, 3.5, 0.0017851135950150646],
    [20, 4, 0.0006121709094325713],
    [4, 0.5, 0.929670564025815],
    [2, 5.5, 7.523369521529426e-8],
    [1, 1.96, 0.04999579029644087],
    [7, 7.5, 4.2214745672140007e-13],
    [7, 0, 1],
  ])('of %d looks |Z| = %d has the p %d', (looks, strongest, p) => {
    expect(Math.abs(adjustedP(looks, strongest, 'pocock') / p - 1)).toBeLessThan(1e-10);
  });

  test('far out the p neither jumps nor becomes 0', () => {
    const at = (z: number) => adjustedP(5, z, 'pocock');
    const ratio = at(9) / at(9 + 1e-9);
    expect(ratio > 0.95 && ratio < 1.001).toBe(true);
    expect(at(100)).toBeGreaterThan(0);
    expect(at(Number.POSITIVE_INFINITY)).toBeGreaterThan(0);
  });

  test('the adjusted p is below alpha exactly where a look is, and never grows', () => {
    const courses = fc.record({
      ps: fc.array(fc.option(fc.double({ min: 1e-9, max: 1, noNaN: true })), { minLength: 1, maxLength: 8 }),
      boundary: fc.constantFrom(...BOUNDARIES),
      alpha: fc.constantFrom(0.01, 0.05, 0.2),
    });
    fc.assert(
      fc.property(courses, ({ ps, boundary, alpha }) => {
        const after = ps.map((_, i) => adjustedP(8, strongestOf(ps.slice(0, i + 1), 8, boundary), boundary));
        expect(after).toEqual(after.toSorted((a, b) => b - a));
        const isCrossed = ps.some((p, i) => p !== null && p <= lookAlpha(i + 1, 8, alpha, boundary));
        expect((after.at(-1) ?? 1) <= alpha).toBe(isCrossed);
      }),
      { seed: 6, numRuns: 60 },
    );
  });

  // Jennison & Turnbull 2000, tables 2.2 and 2.4, and more digits by rpact.
  test.each([
    [2, 0.05, 0.8, 1.1103850452380495, 1.0077820121499792],
    [5, 0.05, 0.9, 1.206474786306557, 1.0264853196462844],
    [10, 0.05, 0.8, 1.3003180218168624, 1.0398945018665833],
    [5, 0.01, 0.9, 1.170461673565343, 1.0136094970669471],
    [1, 0.05, 0.8, 1, 1],
  ])('%d looks at alpha %d and power %d cost', (looks, alpha, power, pocock, obrienFleming) => {
    const found = BOUNDARIES.map((boundary) => inflation(looks, alpha, power, boundary));
    [pocock, obrienFleming].forEach((sample, i) => {
      expect(found[i]?.sample).toBeCloseTo(sample, looks === 1 ? 5 : 9);
      expect(found[i]?.effect).toBeCloseTo(Math.sqrt(found[i]?.sample ?? 0), 12);
    });
  });

  test.each<[call: string, make: () => unknown, fault: string]>([
    ['no looks', () => plannedBounds(0, 0.05, 'pocock'), 'looks-out-of-range'],
    ['half a look', () => plannedBounds(2.5, 0.05, 'pocock'), 'looks-out-of-range'],
    ['alpha of 0', () => plannedBounds(5, 0, 'obrien-fleming'), 'alpha-out-of-range'],
    ['a look beyond the plan', () => lookAlpha(4, 3, 0.05, 'pocock'), 'alpha-exhausted'],
    ['look 0', () => lookAlpha(0, 3, 0.05, 'pocock'), 'looks-out-of-range'],
    ['more looks than planned', () => strongestOf([0.1, 0.1], 1, 'pocock'), 'alpha-exhausted'],
    ['a p above 1', () => strongestOf([1.5], 1, 'pocock'), 'p-out-of-range'],
    ['a negative strength', () => adjustedP(3, -1, 'pocock'), 'not-finite'],
    ['a power below alpha', () => inflation(3, 0.05, 0.04, 'pocock'), 'power-not-above-alpha'],
  ])('%s is refused', (_call, make, fault) => {
    expect(make).toThrow(faulty(fault));
  });

  test.each([
    [0.05, 1.959963984540054],
    [1, 0],
    [0, Number.POSITIVE_INFINITY],
  ])('a p of %d is a |Z| of %d', (p, z) => {
    expect(zOf(p)).toBeCloseTo(z, 12);
  });
});

describe('looks at any times', () => {
  // gsDesign's sfLDPocock and sfLDOF, and rpact; five equal looks of the latter are printed by ldbounds: 4.877 3.357 2.680 2.290 2.031.
  test.each<[fractions: number[], alpha: number, pocock: number[], obrienFleming: number[]]>([
    [
      [0.2, 0.4, 0.6, 0.8, 1],
      0.05,
      [2.4379766880500116, 2.4268138581501124, 2.410193840271315, 2.3966454006487274, 2.385984571622546],
      [4.876884948790762, 3.3570119215746423, 2.6802800645449905, 2.2898167677119536, 2.0310320433100584],
    ],
    [
      [0.1, 0.35, 0.4, 0.9, 1],
      0.05,
      [2.6551100479684937, 2.3866213681690835, 2.5537452605034154, 2.226018356954344, 2.377122931481361],
      [6.991351707077417, 3.612788737382415, 3.391253782834586, 2.0967718234029404, 2.054222581630874],
    ],
    [[0.3, 0.7], 0.1, [2.037764180471316, 1.9566906650342213], [3.392951354673479, 2.0741780471402955]],
  ])('%j at alpha %d', (fractions, alpha, pocock, obrienFleming) => {
    const found = BOUNDARIES.map((boundary) => spendingBounds(fractions, alpha, boundary));
    [pocock, obrienFleming].forEach((bounds, i) => {
      bounds.forEach((bound, look) => {
        expect(found[i]?.[look]?.bound).toBeCloseTo(bound, 9);
      });
    });
  });

  const times = fc
    .uniqueArray(fc.integer({ min: 1, max: 99 }), { minLength: 1, maxLength: 8 })
    .map((percents) => percents.toSorted((a, b) => a - b).map((percent) => percent / 100));
  const boundary = fc.constantFrom(...BOUNDARIES);

  test('whatever the times, alpha is spent and no more', () => {
    fc.assert(
      fc.property(times, boundary, fc.nat(3), (early, kind, onTime) => {
        const fractions = [...early, 1];
        const opening = { looks: fractions.length + 1, onTime: Math.min(onTime, early.length) };
        const looks = spendingBounds(fractions, 0.05, kind, { opening });
        const spent = crossed(
          fractions,
          looks.map(({ bound }) => bound),
        );
        expect(Math.abs(spent - (looks.at(-1)?.cumulativeAlpha ?? 0))).toBeLessThan(1e-8);
        expect(spent).toBeCloseTo(0.05, 8);
      }),
      { seed: 6, numRuns: 60 },
    );
  });

  test.each<[boundary: Boundary, looks: number]>([
    ['pocock', 20],
    ['pocock', 5],
    ['obrien-fleming', 3],
  ])('going over from the bounds of a plan by %s with %d looks spends alpha and no more', (kind, number) => {
    for (let onTime = 1; onTime < number; onTime++) {
      const fractions = Array.from(
        { length: number },
        (_, i) => (i + 1 - (i >= onTime && i < number - 1 ? 0.3 : 0)) / number,
      );
      const looks = spendingBounds(fractions, 0.05, kind, { opening: { looks: number, onTime } });
      expect(looks.slice(0, onTime).map(({ bound }) => bound)).toEqual(
        plannedBounds(number, 0.05, kind).slice(0, onTime),
      );
      expect(
        crossed(
          fractions,
          looks.map(({ bound }) => bound),
        ),
      ).toBeCloseTo(0.05, 9);
    }
  });

  test('what is left after the looks on time is shared by all later ones', () => {
    const fractions = [0.05, 0.1, 0.15, 0.2, 0.22, 0.27, 1];
    const looks = spendingBounds(fractions, 0.05, 'pocock', { opening: { looks: 20, onTime: 4 } });
    const [start, ...later] = looks.slice(3).map(({ cumulativeAlpha }) => cumulativeAlpha);
    // ln(1 + (e - 1) t) at 0.2, 0.22, 0.27 and 1.
    const scheduled = fractions.slice(3).map((t) => Math.log(1 + (Math.E - 1) * t));
    const [from = 0, ...times] = scheduled;
    times.forEach((time, i) => {
      const due = (start ?? 0) + (0.05 - (start ?? 0)) * ((time - from) / (1 - from));
      expect(later[i]).toBeCloseTo(due, 12);
    });
  });

  test('after all looks of a plan nothing is left', () => {
    const [, , late] = spendingBounds([0.5, 1, 1.2], 0.05, 'pocock', { opening: { looks: 2, onTime: 2 } });
    expect(late).toMatchObject({ bound: null, nominalAlpha: 0, alphaSpent: 0 });
  });

  test('a look does not depend on those after it', () => {
    const all = spendingBounds([0.2, 0.5, 0.6, 1], 0.05, 'pocock');
    const some = spendingBounds([0.2, 0.5], 0.05, 'pocock');
    some.forEach(({ bound }, i) => {
      expect(bound).toBeCloseTo(all[i]?.bound ?? 0, 10);
    });
  });

  test('a look without new information spends nothing and is held against the same bound', () => {
    const [, first, again] = spendingBounds([0.1, 0.3, 0.3], 0.05, 'pocock');
    expect(again).toEqual({ ...first, alphaSpent: 0, cautions: ['no new information'] });
  });

  test('half a percent of new information is news', () => {
    const [, second, third] = spendingBounds([0.1, 0.3, 0.3015], 0.05, 'pocock');
    expect(third?.cumulativeAlpha).toBeGreaterThan(second?.cumulativeAlpha ?? 0);
    expect(third?.cautions).toEqual([]);
  });

  test('an overrun spends alpha once, and nothing after that', () => {
    const looks = spendingBounds([0.5, 1.2, 1.3], 0.05, 'pocock');
    expect(looks[1]).toMatchObject({ cumulativeAlpha: 0.05, cautions: ['overrun'] });
    expect(looks[2]).toMatchObject({ bound: null, nominalAlpha: 0, alphaSpent: 0, cautions: ['overrun'] });
  });

  test('an end that comes early spends what is left', () => {
    const [, last] = spendingBounds([0.1, 0.6], 0.05, 'pocock', { isFinal: true });
    expect(last?.cumulativeAlpha).toBe(0.05);
    expect(
      crossed(
        [0.1, 0.6],
        spendingBounds([0.1, 0.6], 0.05, 'pocock', { isFinal: true }).map(({ bound }) => bound),
      ),
    ).toBeCloseTo(0.05, 10);
    const [, , atOnce] = spendingBounds([0.1, 0.6, 0.6], 0.05, 'pocock', { isFinal: true });
    expect(atOnce?.bound).toBeCloseTo(last?.bound ?? 0, 10);
    expect(atOnce?.cautions).toEqual(['no new information']);
    const onTime = { looks: 10, onTime: 2 };
    const afterPlanned = spendingBounds([0.1, 0.2, 0.2], 0.05, 'pocock', {
      isFinal: true,
      opening: onTime,
    }).at(-1);
    const planned = spendingBounds([0.1, 0.2], 0.05, 'pocock', {
      isFinal: true,
      opening: { looks: 10, onTime: 1 },
    }).at(-1);
    expect(afterPlanned?.bound).toBeCloseTo(planned?.bound ?? 0, 12);
  });

  test('what would need a |Z| above nine is kept for a later look', () => {
    const [first, second] = spendingBounds([0.01, 1], 0.05, 'obrien-fleming');
    expect(first).toMatchObject({ bound: null, nominalAlpha: 0, cumulativeAlpha: 0 });
    expect(second?.bound).toBeCloseTo(1.959963984540054, 9);
  });

  test('the adjusted p is below alpha exactly where a look is, and never grows', () => {
    const courses = fc.record({
      looks: fc
        .uniqueArray(fc.integer({ min: 10, max: 120 }), { minLength: 1, maxLength: 5 })
        .chain((percents) =>
          fc.tuple(
            ...percents
              .toSorted((a, b) => a - b)
              .map((percent) =>
                fc.record({
                  fraction: fc.constant(percent / 100),
                  p: fc.option(fc.double({ min: 1e-6, max: 0.5, noNaN: true })),
                }),
              ),
          ),
        ),
      kind: boundary,
      onTime: fc.nat(2),
    });
    fc.assert(
      fc.property(courses, ({ looks, kind, onTime }) => {
        const opening = { looks: 6, onTime: Math.min(onTime, looks.length) };
        const fractions = looks.map(({ fraction }) => fraction);
        const ps = looks.map(({ p }) => p);
        const adjusted = looks.map((_, i) =>
          spendingAdjustedP(fractions.slice(0, i + 1), ps.slice(0, i + 1), kind, {
            opening: {
              ...opening,
              onTime: Math.min(opening.onTime, i + 1),
            },
          }),
        );
        adjusted.slice(1).forEach((p, i) => {
          expect(p).toBeLessThanOrEqual((adjusted[i] ?? 0) * (1 + 1e-8));
        });
        const levels = spendingBounds(fractions, 0.05, kind, { opening });
        const isCrossed = ps.some((p, i) => p !== null && p <= (levels[i]?.nominalAlpha ?? 0));
        expect((adjusted.at(-1) ?? 1) <= 0.05).toBe(isCrossed);
      }),
      { seed: 6, numRuns: 60 },
    );
  });

  test('equally spaced looks that are on time have the p of their plan', () => {
    const ps = [0.3, 0.02, 0.01];
    for (const kind of BOUNDARIES) {
      const bySpending = spendingAdjustedP([0.2, 0.4, 0.6], ps, kind, { opening: { looks: 5, onTime: 3 } });
      expect(bySpending).toBeCloseTo(adjustedP(5, strongestOf(ps, 5, kind), kind), 9);
    }
  });

  test('one look has its own p, and one that is too small to tell is the smallest that is told', () => {
    expect(spendingAdjustedP([1], [0.03], 'pocock')).toBeCloseTo(0.03, 10);
    expect(spendingAdjustedP([0.5, 1], [1e-200, 0.2], 'pocock')).toBe(1e-15);
    expect(spendingAdjustedP([0.5, 1], [null, null], 'pocock')).toBe(1);
    expect(spendingAdjustedP([0.5], [1], 'pocock')).toBe(1);
    expect(spendingAdjustedP([], [], 'pocock')).toBe(1);
  });

  test.each<[what: string, make: () => unknown, fault: string]>([
    ['less information', () => spendingBounds([0.5, 0.4], 0.05, 'pocock'), 'information-decreased'],
    ['no information', () => spendingBounds([0, 0.4], 0.05, 'pocock'), 'information-out-of-range'],
    ['infinite information', () => spendingBounds([1 / 0], 0.05, 'pocock'), 'information-out-of-range'],
    ['alpha of 1', () => spendingBounds([1], 1, 'pocock'), 'alpha-out-of-range'],
    [
      'a look without information',
      () => spendingBounds([0.5, 1], 0.05, 'pocock', { information: [10] }),
      'length-mismatch',
    ],
    [
      'information that shrinks',
      () => spendingBounds([0.5, 1], 0.05, 'pocock', { information: [10, 9] }),
      'information-decreased',
    ],
    ['looks without a p', () => spendingAdjustedP([0.5, 1], [0.1], 'pocock'), 'length-mismatch'],
  ])('%s is refused', (_what, make, fault) => {
    expect(make).toThrow(faulty(fault));
  });
});

describe('quadrature and roots', () => {
  test.each([1, 2, 5, 64, 301])('%d nodes integrate polynomials of degree 2n - 1', (n) => {
    const { nodes, weights } = gaussLegendre(n);
    for (const degree of [0, 1, 2 * n - 2, 2 * n - 1]) {
      const sum = nodes.reduce((total, x, i) => total + (weights[i] ?? 0) * x ** degree, 0);
      expect(sum).toBeCloseTo(degree % 2 === 1 ? 0 : 2 / (degree + 1), 12);
    }
  });

  test.each<[name: string, f: (x: number) => number, lower: number, upper: number, root: number]>([
    ['a line', (x) => x - 0.3, 0, 1, 0.3],
    ['a cubic that is flat at its root', (x) => (x - 0.3) ** 3, -4, 5, 0.3],
    ['a step', (x) => (x < 0.7 ? -1 : 1), 0, 1, 0.7],
    ['a steep one', (x) => Math.exp(50 * x) - 2, -3, 3, Math.LN2 / 50],
    ['one at an end', (x) => x, 0, 1, 0],
    ['one that falls', (x) => 2 - x * x, 0, 2, Math.SQRT2],
  ])('the root of %s', (_name, f, lower, upper, root) => {
    expect(rootBetween(f, lower, upper)).toBeCloseTo(root, 5);
    expect(rootBetween((x) => -f(x), upper, lower)).toBeCloseTo(root, 5);
  });

  test('without a change of sign the nearer end is answered', () => {
    expect(rootBetween((x) => x + 1, 0, 1)).toBe(0);
  });
});
