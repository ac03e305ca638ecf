// Numbers as people read them: rounding that never changes what is said.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  amount,
  decimalsFor,
  figure,
  intervalText,
  PERCENT,
  PLAIN,
  POINTS,
  pText,
  share,
} from '../../../src/experiments/report/numbers.ts';
import { between } from './analyses.ts';

test.each([
  // estimate, lower, upper, as shown
  [0.041, 0.012, 0.07, '+4.1 % (1.2 to 7.0)'],
  [0.41, 0.12, 0.7, '+41 % (12 to 70)'],
  [4.1, 1.2, 7, '+410 % (120 to 700)'],
  [0.0041, 0.0012, 0.007, '+0.41 % (0.12 to 0.70)'],
  [0.041, 0.04, 0.042, '+4.10 % (4.00 to 4.20)'],
  [-0.0301, -0.0509, -0.0093, '-3.0 % (-5.1 to -0.9)'],
  [0, -0.01, 0.01, '0.0 % (-1.0 to 1.0)'],
  [12.3456, 1, 40, '+1,200 % (100 to 4,000)'],
  [0.035, 0.0000004, 0.07, '+3.5 % (0.00004 to 7.0)'],
  [0.02, null, 0.05, '+2.0 % (5.0 or less)'],
  [0.02, 0.01, null, '+2.0 % (1.0 or more)'],
  [0.02, null, null, '+2.00 % (unbounded)'],
  [0.02, 0.02, 0.02, '+2.00 % (2.00 to 2.00)'],
  [1e-12, -1e-12, 3e-12, '+1.0e-10 % (-1.0e-10 to 3.0e-10)'],
])('a lift of %s between %s and %s is %s', (estimate, lower, upper, text) => {
  const interval = between(lower, upper);
  const decimals = decimalsFor(interval, estimate, PERCENT);
  expect(`${amount(estimate, decimals, PERCENT, true)} (${intervalText(interval, decimals, PERCENT)})`).toBe(
    text,
  );
});

test('a difference of shares is in percentage points, one of means in the unit of the metric', () => {
  expect(amount(0.0042, 2, POINTS, true)).toBe('+0.42 pp');
  expect(amount(-1234.5, 1, PLAIN, true)).toBe('-1,234.5');
});

test.each([
  [0.0061, '0.0061'],
  [0.181, '0.18'],
  [0.05, '0.050'],
  [0.0496, '0.0496'],
  [0.04999, '0.04999'],
  [0.0502, '0.050'],
  [0.0001, '0.00010'],
  [0.0000999, '< 0.0001'],
  [0, '< 0.0001'],
  [5e-324, '< 0.0001'],
  [0.9949, '0.99'],
  [0.99999, '> 0.99'],
  [1, '1'],
])('a p-value of %s is %s', (p, text) => {
  expect(pText(p, 0.05)).toBe(text);
});

test('a p-value that is below the least one and not below alpha is written out', () => {
  expect(pText(0.00005, 0.00001)).toBe('0.000050');
  expect(pText(0.000005, 0.00001)).toBe('< 0.0001');
});

test('no p-value is rounded to the other side of alpha', () => {
  const ps = fc.oneof(
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.double({ min: 0.049, max: 0.051, noNaN: true }),
  );
  const alphas = fc.constantFrom(0.05, 0.01, 0.1, 0.001);
  fc.assert(
    fc.property(ps, alphas, (p, alpha) => {
      const text = pText(p, alpha);
      if (/^[<>]/.test(text)) return p < 0.0001 === text.startsWith('<');
      return Number(text) < alpha === p < alpha;
    }),
    { seed: 6, numRuns: 2_000 },
  );
});

test('an end of an interval keeps its side of zero, and minus zero is zero', () => {
  const values = fc.double({ min: -1e12, max: 1e12, noNaN: true });
  fc.assert(
    fc.property(values, fc.integer({ min: -4, max: 12 }), (value, decimals) => {
      const number = Number(figure(value, decimals).replaceAll(',', ''));
      expect(Math.sign(number)).toBe(Math.sign(value) || 0);
      expect(figure(value, decimals)).not.toMatch(/NaN|Infinity|^-0(\.0*)?$/);
    }),
    { seed: 6, numRuns: 2_000 },
  );
});

test('what is shown is within one part in a hundred of the width of what was computed', () => {
  const ends = fc.tuple(
    fc.double({ min: -10, max: 10, noNaN: true }),
    fc.double({ min: 1e-6, max: 10, noNaN: true }),
  );
  fc.assert(
    fc.property(ends, ([lower, width]) => {
      const interval = between(lower, lower + width);
      const text = intervalText(interval, decimalsFor(interval, lower, PERCENT), PERCENT);
      const [low = NaN, high = NaN] = text.split(' to ').map((end) => Number(end.replaceAll(',', '')) / 100);
      expect(Math.abs(low - lower)).toBeLessThanOrEqual(width * 0.026);
      expect(Math.abs(high - lower - width)).toBeLessThanOrEqual(width * 0.026);
    }),
    { seed: 6, numRuns: 2_000 },
  );
});

test.each([
  [0.95, '95 %'],
  [0.999, '99.9 %'],
  [0.02, '2 %'],
  [1 / 3, '33.3333 %'],
])('a share of %s is %s', (value, text) => {
  expect(share(value)).toBe(text);
});
