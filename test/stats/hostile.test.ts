// Whatever is put in, numbers come out that are numbers, or null, or a refusal.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidInputError } from '../../src/stats/computed.ts';
import { adjust, compareAdjusted } from '../../src/stats/cuped.ts';
import {
  guardrailOfMeans,
  guardrailOfProportions,
  guardrailOfRatios,
  guardrailsOfAdjusted,
} from '../../src/stats/guardrail.ts';
import { compareMeans } from '../../src/stats/means.ts';
import { compareProportions } from '../../src/stats/proportions.ts';
import { compareRatios, ratioMoments } from '../../src/stats/ratios.ts';
import {
  hostileAlpha,
  hostileCount,
  hostileCovariate,
  hostileMoments,
  hostileNumber,
  hostilePlan,
  hostileRatio,
} from './arbitrary.ts';
import { mergeMoments, momentsOf } from './golden/variants/moments.ts';
import { rateInterval } from './golden/variants/wilson.ts';
import { percentile, winsorise } from './golden/variants/winsorise.ts';

const RUNS = { seed: 6, numRuns: 4000 };
const arms = fc.array(hostileCovariate, { maxLength: 4 });
const values = fc.array(hostileNumber, { maxLength: 8 });

const COMPUTATIONS: [name: string, fc.IProperty<unknown[]>][] = [
  ['compareProportions', total(fc.tuple(hostileCount, hostileCount, hostileAlpha), compareProportions)],
  ['rateInterval', total(fc.tuple(hostileCount, hostileAlpha), rateInterval)],
  ['compareMeans', total(fc.tuple(hostileMoments, hostileMoments, hostileAlpha), compareMeans)],
  ['compareRatios', total(fc.tuple(hostileRatio, hostileRatio, hostileAlpha), compareRatios)],
  ['ratioMoments', total(fc.tuple(hostileRatio), ratioMoments)],
  ['adjust', total(fc.tuple(arms), adjust)],
  ['compareAdjusted', total(fc.tuple(arms, hostileAlpha), compareAdjusted)],
  ['guardrailOfMeans', total(fc.tuple(hostileMoments, hostileMoments, hostilePlan), guardrailOfMeans)],
  [
    'guardrailOfProportions',
    total(fc.tuple(hostileCount, hostileCount, hostilePlan), guardrailOfProportions),
  ],
  ['guardrailOfRatios', total(fc.tuple(hostileRatio, hostileRatio, hostilePlan), guardrailOfRatios)],
  ['guardrailsOfAdjusted', total(fc.tuple(arms, hostilePlan), guardrailsOfAdjusted)],
  ['momentsOf', total(fc.tuple(values), momentsOf)],
  ['mergeMoments', total(fc.tuple(hostileMoments, hostileMoments), mergeMoments)],
  ['percentile', total(fc.tuple(values, hostileNumber), percentile)],
];

describe('any input', () => {
  it.each(COMPUTATIONS)('%s answers with numbers, nulls that have a reason, or a refusal', (_, property) => {
    fc.assert(property, RUNS);
  });

  it('winsorise keeps what is below the cap', () => {
    expect(winsorise([3, -1, 8], 3)).toEqual([3, -1, 3]);
  });
});

function total<Args extends unknown[]>(args: fc.Arbitrary<Args>, compute: (...args: Args) => unknown) {
  return fc.property(args, (given) => {
    let result: unknown;
    try {
      result = compute(...given);
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error;
      expect(error.fault).toMatch(/^[a-z0-9-]+$/);
      return;
    }
    check(result, 'result');
  }) as unknown as fc.IProperty<unknown[]>;
}

function check(value: unknown, path: string): void {
  if (typeof value === 'number') expect(Number.isFinite(value), `${path} is ${value}`).toBe(true);
  if (value === null || typeof value !== 'object') return;
  const members = Object.entries(value);
  if ('cautions' in value && 'p' in value) checkComparison(value as Record<string, unknown>, path);
  for (const [key, member] of members) {
    expect(member, `${path}.${key}`).not.toBeUndefined();
    check(member, `${path}.${key}`);
  }
}

/** What a reader relies on, whatever the metric. */
function checkComparison(compared: Record<string, unknown>, path: string): void {
  const p = compared.p as number | null;
  if (p === null) expect(compared.reason, path).toBeTypeOf('string');
  else expect(p > 0 && p <= 1, `${path}.p is ${p}`).toBe(true);
  for (const name of ['interval', 'liftInterval']) {
    const interval = compared[name] as { lower: number | null; upper: number | null } | null;
    if (interval?.lower == null || interval.upper === null) continue;
    expect(interval.lower, `${path}.${name}`).toBeLessThanOrEqual(interval.upper);
  }
}
