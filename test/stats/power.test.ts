// Power, sample sizes and minimum effects: by R, by each other, and at the ends of their ranges.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { daysUntil } from '../../src/stats/power/days.ts';
import { cupedFactor, minimumEffectOfMeans, sampleSizeOfMeans } from '../../src/stats/power/means.ts';
import {
  minimumEffectOfProportions,
  powerOfProportions,
  sampleSizeOfProportions,
} from '../../src/stats/power/proportions.ts';

const faulty = (fault: string) => expect.objectContaining({ name: 'InvalidInputError', fault });

describe('proportions', () => {
  // R: power.prop.test(n, p1, p2, sig.level); unequal arms by the formula of Fleiss.
  test.each([
    [0.1, 0.12, 2000, 2000, 0.05, 0.5244812787642897],
    [0.05, 0.055, 30_000, 30_000, 0.05, 0.7839909527922623],
    [0.3, 0.27, 1500, 1500, 0.05, 0.4443220328053859],
    [0.2, 0.24, 800, 1600, 0.05, 0.59952386878766],
    [0.02, 0.03, 5000, 5000, 0.01, 0.7346885466636702],
    [0.5, 0.5, 1000, 1000, 0.05, 0.025],
  ])(
    '%d and %d with %d and %d units at alpha %d: power %d',
    (control, treatment, nControl, nTreatment, alpha, power) => {
      expect(powerOfProportions({ control, treatment, nControl, nTreatment, alpha })).toBeCloseTo(power, 12);
    },
  );

  // R: power.prop.test(p1, p2, power, sig.level)$n
  test.each([
    [0.1, 0.12, 0.05, 0.8, 3840.8474824362766],
    [0.05, 0.055, 0.05, 0.8, 31233.437940130043],
    [0.3, 0.27, 0.05, 0.9, 4756.033978122585],
    [0.01, 0.011, 0.05, 0.8, 163094.61749814203],
    [0.5, 0.52, 0.01, 0.9, 18589.322386578173],
  ])('%d and %d at alpha %d and power %d need %d units per arm', (control, treatment, alpha, power, n) => {
    const found = sampleSizeOfProportions({ control, treatment, alpha, power });
    expect(Math.abs((found ?? 0) / n - 1)).toBeLessThan(1e-12);
  });

  test.each([
    [0.1, 5000, 5000, 0.05, 0.8, 0.017439914809797806, 0.016185374571192207],
    [0.4, 2000, 1000, 0.05, 0.9, 0.06207723537908669, 0.06061758889927683],
    [0.002, 50_000, 50_000, 0.05, 0.8, 0.0008735916948674789, 0.0007172579672078195],
    [0.9, 300, 300, 0.05, 0.8, 0.058531474563469334, 0.0791115422104328],
  ])(
    '%d with %d and %d units at alpha %d and power %d',
    (control, nControl, nTreatment, alpha, power, up, down) => {
      const found = minimumEffectOfProportions({ control, nControl, nTreatment, alpha, power });
      expect(Math.abs((found.up ?? 0) / up - 1)).toBeLessThan(1e-11);
      expect(Math.abs((found.down ?? 0) / down - 1)).toBeLessThan(1e-11);
      expect(found.upRelative).toBe((found.up ?? 0) / control);
      expect(found.downRelative).toBe((found.down ?? 0) / control);
      expect([found.reason, found.cautions]).toEqual([undefined, []]);
    },
  );

  test('size, power and minimum effect are one relation, with arms of any sizes', () => {
    const designs = fc.record({
      control: fc.double({ min: 0.01, max: 0.99, noNaN: true }),
      effect: fc.double({ min: -0.3, max: 0.3, noNaN: true }).filter((effect) => Math.abs(effect) > 0.005),
      alpha: fc.double({ min: 0.001, max: 0.2, noNaN: true }),
      power: fc.double({ min: 0.5, max: 0.99, noNaN: true }),
      ratio: fc.double({ min: 0.1, max: 10, noNaN: true }),
    });
    fc.assert(
      fc.property(designs, ({ control, effect, alpha, power, ratio }) => {
        const treatment = control + effect;
        fc.pre(treatment > 0.001 && treatment < 0.999);
        const nControl = sampleSizeOfProportions({ control, treatment, alpha, power, ratio }) ?? 0;
        const design = { control, treatment, nControl, nTreatment: ratio * nControl, alpha };
        expect(powerOfProportions(design)).toBeCloseTo(power, 9);
      }),
      { seed: 6 },
    );
  });

  test('a baseline of 0 has an absolute minimum effect, and no relative one', () => {
    const found = minimumEffectOfProportions({
      control: 0,
      nControl: 1000,
      nTreatment: 1000,
      alpha: 0.05,
      power: 0.8,
    });
    expect(found).toMatchObject({
      down: null,
      upRelative: null,
      downRelative: null,
      cautions: ['zero baseline'],
    });
    const power = { control: 0, treatment: found.up ?? 0, nControl: 1000, nTreatment: 1000, alpha: 0.05 };
    expect(powerOfProportions(power)).toBeCloseTo(0.8, 10);
  });

  test.each([
    [0.1, 0, 0, 'no data'],
    [0.1, 0, 100, 'no data'],
    [0.5, 4, 4, 'not attainable'],
  ])('%d with %d and %d units has no minimum effect: %s', (control, nControl, nTreatment, reason) => {
    const found = minimumEffectOfProportions({ control, nControl, nTreatment, alpha: 0.01, power: 0.9 });
    expect(found).toMatchObject({ up: null, down: null, upRelative: null, downRelative: null, reason });
  });

  test('a direction without room has none, the other may', () => {
    const found = minimumEffectOfProportions({
      control: 0.99,
      nControl: 100,
      nTreatment: 100,
      alpha: 0.05,
      power: 0.8,
    });
    expect([found.up, found.reason]).toEqual([null, undefined]);
    expect(found.down).toBeGreaterThan(0);
  });

  test('no size shows a difference of nothing', () => {
    expect(sampleSizeOfProportions({ control: 0.1, treatment: 0.1, alpha: 0.05, power: 0.8 })).toBeNull();
  });

  test.each([
    [{ control: 1.1 }, 'rate-out-of-range'],
    [{ control: Number.NaN }, 'rate-out-of-range'],
    [{ alpha: 0 }, 'alpha-out-of-range'],
    [{ alpha: 1 }, 'alpha-out-of-range'],
    [{ power: 0.04 }, 'power-not-above-alpha'],
    [{ power: 1 }, 'power-not-above-alpha'],
    [{ nControl: -1 }, 'negative-count'],
    [{ nTreatment: 1.5 }, 'non-integer-count'],
  ])('%j is refused: %s', (wrong, fault) => {
    const design = { control: 0.1, nControl: 100, nTreatment: 100, alpha: 0.05, power: 0.8, ...wrong };
    expect(() => minimumEffectOfProportions(design)).toThrow(faulty(fault));
  });

  test('a ratio of 0 and an empty arm are refused', () => {
    const need = { control: 0.1, treatment: 0.2, alpha: 0.05, power: 0.8, ratio: 0 };
    expect(() => sampleSizeOfProportions(need)).toThrow(faulty('ratio-not-positive'));
    const empty = { control: 0.1, treatment: 0.2, alpha: 0.05, nControl: 0, nTreatment: 5 };
    expect(() => powerOfProportions(empty)).toThrow(faulty('no-units'));
  });
});

describe('means', () => {
  const design = {
    varianceControl: 400,
    varianceTreatment: 500,
    nControl: 5000,
    nTreatment: 2500,
    alpha: 0.05,
  };

  test('the minimum effect, absolute, relative and with CUPED', () => {
    const found = minimumEffectOfMeans({ ...design, power: 0.9, meanControl: -55 });
    expect(found.up).toBeCloseTo(1.7152488032945465, 12);
    expect(found.down).toBe(found.up);
    expect(found.upRelative).toBeCloseTo(0.031186341878082665, 14);
    const factor = cupedFactor(0.5);
    const variances = { varianceControl: 400 * factor, varianceTreatment: 500 * factor };
    const adjusted = minimumEffectOfMeans({ ...design, ...variances, power: 0.9, meanControl: 55 });
    expect(adjusted.up).toBeCloseTo(1.4854490374639349, 12);
  });

  test('size and minimum effect are one relation', () => {
    const { up } = minimumEffectOfMeans({ ...design, power: 0.9, meanControl: 55 });
    const need = { ...design, difference: up ?? 0, power: 0.9, ratio: 0.5 };
    expect(sampleSizeOfMeans(need)).toBeCloseTo(5000, 8);
  });

  test('what cannot be said is null', () => {
    const still = { ...design, varianceControl: 0, varianceTreatment: 0 };
    expect(minimumEffectOfMeans({ ...still, power: 0.8, meanControl: 1 })).toMatchObject({
      up: null,
      reason: 'zero variance',
    });
    const empty = { ...design, nControl: 0, power: 0.8, meanControl: 1 };
    expect(minimumEffectOfMeans(empty)).toMatchObject({ up: null, reason: 'no data' });
    expect(minimumEffectOfMeans({ ...design, power: 0.8, meanControl: 0 })).toMatchObject({
      upRelative: null,
      cautions: ['zero baseline'],
    });
    expect(sampleSizeOfMeans({ ...design, difference: 0, power: 0.8 })).toBeNull();
  });

  test('what no data can be is refused', () => {
    const need = { ...design, difference: 1, power: 0.8 };
    expect(() => sampleSizeOfMeans({ ...need, varianceControl: -1 })).toThrow(faulty('negative-variance'));
    expect(() => sampleSizeOfMeans({ ...need, difference: Number.NaN })).toThrow(faulty('not-finite'));
    expect(() => cupedFactor(1.1)).toThrow(faulty('correlation-out-of-range'));
    expect([cupedFactor(0), cupedFactor(-0.7), cupedFactor(1)].map((x) => Number(x.toFixed(12)))).toEqual([
      1, 0.51, 0,
    ]);
  });
});

describe('days', () => {
  test.each<[units: number[], unitsPerDay: number[], days: number | null]>([
    [[1000, 1000], [100, 100], 10],
    [[1001, 1000], [100, 100], 11],
    [[1000, 1000], [100, 10], 100],
    [[0, -5], [100, 0], 0],
    [[1000, 1000], [100, 0], null],
    [[1000, 1000], [100, -3], null],
    [[], [], 0],
  ])('%j at %j a day: %j', (units, unitsPerDay, days) => {
    expect(daysUntil(units, unitsPerDay)).toBe(days);
  });

  test('refuses what is no number', () => {
    expect(() => daysUntil([1], [1, 2])).toThrow(faulty('length-mismatch'));
    expect(() => daysUntil([Number.NaN], [1])).toThrow(faulty('not-finite'));
  });
});
