// P-values of families: by R's p.adjust, and what must hold for any.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { benjaminiHochberg, holm } from '../../src/stats/multiple.ts';

type Ps = (number | null)[];

describe('R gives the same', () => {
  test.each<[ps: Ps, holm: Ps, benjaminiHochberg: Ps]>([
    [
      [0.01, 0.04, 0.03, 0.005],
      [0.03, 0.06, 0.06, 0.02],
      [0.02, 0.04, 0.04, 0.02],
    ],
    [
      [0.02, 0.02, 0.02],
      [0.06, 0.06, 0.06],
      [0.02, 0.02, 0.02],
    ],
    [
      [0.5, 0.9, 1],
      [1, 1, 1],
      [1, 1, 1],
    ],
    [
      [0, 0.03, 1, 0.03],
      [0, 0.09, 1, 0.09],
      [0, 0.04, 1, 0.04],
    ],
    [
      [0.2, 0.01, 0.01, 0.3, 0.01],
      [0.4, 0.05, 0.05, 0.4, 0.05],
      [0.25, 1 / 60, 1 / 60, 0.3, 1 / 60],
    ],
    [
      [1e-300, 0.03, 0.2],
      [3e-300, 0.06, 0.2],
      [3e-300, 0.045, 0.2],
    ],
    // What cannot be computed stays so and does not count: as if only three had been asked for.
    [
      [0.049, null, 0.012, null, 0.2],
      [0.098, null, 0.036, null, 0.2],
      [0.0735, null, 0.036, null, 0.2],
    ],
    [[0.04], [0.04], [0.04]],
    [
      [null, null],
      [null, null],
      [null, null],
    ],
    [[], [], []],
  ])('%j', (ps, byHolm, byBenjaminiHochberg) => {
    expectClose(holm(ps), byHolm);
    expectClose(benjaminiHochberg(ps), byBenjaminiHochberg);
  });
});

describe.each([
  ['holm', holm],
  ['benjaminiHochberg', benjaminiHochberg],
])('%s', (_name, adjust) => {
  const families = fc.array(fc.option(fc.double({ min: 0, max: 1, noNaN: true })), { maxLength: 30 });

  test('never lowers a p, and never above 1', () => {
    fc.assert(
      fc.property(families, (ps) => {
        adjust(ps).forEach((adjusted, i) => {
          const p = ps[i] ?? null;
          if (p === null || adjusted === null || adjusted === undefined)
            expect([adjusted, p]).toEqual([null, null]);
          else expect(adjusted >= p && adjusted <= 1).toBe(true);
        });
      }),
      { seed: 6 },
    );
  });

  test('keeps the order of the ps, whatever the order in which they come', () => {
    fc.assert(
      fc.property(families, (ps) => {
        const adjusted = adjust(ps);
        expect(adjust(ps.toReversed()).toReversed()).toEqual(adjusted);
        const both = ps.flatMap((p, i) => (p === null ? [] : [[p, adjusted[i] as number] as const]));
        const sorted = both.toSorted(([a], [b]) => a - b).map(([, after]) => after);
        expect(sorted).toEqual(sorted.toSorted((a, b) => a - b));
      }),
      { seed: 6 },
    );
  });

  test('Holm is at least as strict', () => {
    fc.assert(
      fc.property(families, (ps) => {
        const strict = holm(ps);
        adjust(ps).forEach((p, i) => {
          expect((p ?? 0) <= (strict[i] ?? 0)).toBe(true);
        });
      }),
      { seed: 6 },
    );
  });

  test.each([1.2, -0.1, Number.NaN])('refuses %d', (p) => {
    expect(() => adjust([0.2, p])).toThrow(expect.objectContaining({ fault: 'p-out-of-range' }));
  });
});

function expectClose(found: Ps, expected: Ps): void {
  expect(found.length).toBe(expected.length);
  found.forEach((p, i) => {
    const right = expected[i] ?? null;
    if (p === null || right === null) expect(p).toBe(right);
    else expect(Math.abs(p - right)).toBeLessThanOrEqual(1e-14 * right);
  });
}
