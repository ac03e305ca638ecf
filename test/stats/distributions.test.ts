// Areas and quantiles against closed forms, each other, and what is no number; test/stats/golden.json has the reference values.
import { describe, expect, it } from 'vitest';
import { chiSquareTail } from '../../src/stats/distributions/chi-square.ts';
import { normalCdf, normalQuantile, normalTail } from '../../src/stats/distributions/normal.ts';
import { tCdf, tQuantile, tTail, tTwoSided } from '../../src/stats/distributions/t.ts';
import { chiSquareCdf, chiSquareTailQuantile } from './golden/variants/chi-square.ts';

const AREAS = [1e-300, 1e-200, 1e-151, 1e-149, 1e-50, 1e-12, 0.001, 0.025, 0.2, 0.4];
const DEGREES = [1, 1.3, 2, 3.7, 10, 29.5, 1e3, 2.5e5, 1e9, 1e14];
const ARGUMENTS = [0, 0.01, 0.5, 1, 1.96, 5, 12, 37];

describe('Student’s t', () => {
  it.each([...ARGUMENTS, 6e-9, 2e-5])('at %d has the closed forms of 1 and 2 degrees of freedom', (t) => {
    near(tTail(t, 1), t < 1 ? 0.5 - Math.atan(t) / Math.PI : Math.atan(1 / t) / Math.PI, 1e-13);
    near(tTail(t, 2), 1 / (2 + t * t) / (1 + t / Math.sqrt(2 + t * t)), 1e-13);
  });

  it.each(ARGUMENTS)('at %d is the normal distribution where there are very many degrees of freedom', (t) => {
    near(tTail(t, 1e15), normalTail(t), 1e-9);
    near(tTail(t, Number.MAX_SAFE_INTEGER * 2), normalTail(t), 1e-9);
  });

  it.each(DEGREES)('with %d degrees of freedom has quantiles that are the inverse of its tail', (df) => {
    for (const area of AREAS) {
      const t = -tQuantile(area, df);
      if (Number.isFinite(t)) near(tTail(t, df), area, 3e-12 * Math.max(1, -Math.log10(area)));
      else expect(tTail(1.7e308, df)).toBeGreaterThan(area);
    }
  });

  it('far out is a power of t', () => {
    near(tTail(1e200, 1), 1e-200 / Math.PI, 1e-12);
    near(tTail(1e160, 1.5) / tTail(1e159, 1.5), 10 ** -1.5, 1e-12);
    near(tTail(1.01e150, 1.2) / tTail(0.99e150, 1.2), (1.01 / 0.99) ** -1.2, 1e-10);
    expect(tTail(Number.POSITIVE_INFINITY, 3)).toBe(0);
  });

  it('is symmetric', () => {
    near(tTail(-2, 7), 1 - tTail(2, 7), 1e-15);
    expect(tCdf(2, 7)).toBe(tTail(-2, 7));
    expect(tTwoSided(-2, 7)).toBe(2 * tTail(2, 7));
    expect(tTwoSided(0, 7)).toBe(1);
  });
});

describe('chi-square', () => {
  it.each([2, 4, 10, 24, 60])('with %d degrees of freedom is a sum of Poisson terms', (df) => {
    for (const x of [1e-3, 0.5, 3, 20, 90, 400]) {
      let [term, sum] = [Math.exp(-x / 2), 0];
      for (let k = 0; k < df / 2; k++, term *= x / 2 / k) sum += term;
      near(chiSquareTail(x, df), sum, 1e-12);
    }
  });

  it.each([0.01, 1, 9, 80])('with 1 degree of freedom at %d is a normal distribution’s square', (x) => {
    near(chiSquareTail(x, 1), 2 * normalTail(Math.sqrt(x)), 1e-12);
  });

  it.each([1, 2, 3, 7, 50, 999, 1e4, 1e6])(
    'with %d degrees of freedom: areas add up, quantiles are inverse',
    (df) => {
      for (const area of [...AREAS, 0.5, 0.75, 0.999]) {
        const x = chiSquareTailQuantile(area, df);
        near(chiSquareTail(x, df), area, 3e-12 * Math.max(1, -Math.log10(area), Math.sqrt(df) / 10));
        near(chiSquareTail(x, df) + chiSquareCdf(x, df), 1, 1e-13);
      }
    },
  );

  it('below 0 has no area, and beyond all of it', () => {
    expect([chiSquareTail(-3, 2), chiSquareCdf(-3, 2)]).toEqual([1, 0]);
    expect([chiSquareTail(Number.POSITIVE_INFINITY, 2), chiSquareCdf(1e308, 2)]).toEqual([0, 1]);
  });
});

describe('the normal distribution', () => {
  it('has quantiles that are the inverse of its areas', () => {
    for (const area of [...AREAS, 0.5, 0.8, 0.999]) near(normalCdf(normalQuantile(area)), area, 1e-12 * 1500);
    expect(normalQuantile(0.5)).toBeCloseTo(0, 15);
    expect(normalTail(8.5)).toBeGreaterThan(0);
  });
});

describe('what is no argument is refused', () => {
  it.each([
    ['not-finite', () => normalCdf(Number.NaN)],
    ['not-finite', () => normalTail(Number.NaN)],
    ['not-finite', () => tTail(Number.NaN, 3)],
    ['not-finite', () => tTail(1, 0)],
    ['not-finite', () => tTail(1, Number.POSITIVE_INFINITY)],
    ['not-finite', () => chiSquareTail(1, -1)],
    ['not-finite', () => chiSquareCdf(Number.NaN, 1)],
    ['p-out-of-range', () => normalQuantile(0)],
    ['p-out-of-range', () => tQuantile(1, 3)],
    ['p-out-of-range', () => chiSquareTailQuantile(Number.NaN, 3)],
  ])('%s: %s', (fault, compute) => {
    expect(compute).toThrow(expect.objectContaining({ name: 'InvalidInputError', fault }));
  });
});

function near(got: number, expected: number, relative: number): void {
  expect(Math.abs(got - expected), `${got} is not ${expected}`).toBeLessThanOrEqual(
    relative * Math.abs(expected),
  );
}
