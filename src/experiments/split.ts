// Whether units were split as planned: asked before anything else, since a broken split biases every number.
import { alwaysValidSampleRatio, MISMATCH_ALPHA, sampleRatio } from '../stats/sample-ratio.ts';
import type { SplitResult } from './analysis.ts';
import type { Arm } from './setup.ts';
import type { ArmUnits } from './units.ts';

/**
 * The split is that of all units that were assigned, crossed-over ones in the arm that they were given first: that is what
 * the assignment did, and what becomes of a unit later cannot hide it. What is compared leaves crossed-over units out, so that
 * split must hold too: if one arm lost more of its units than another, those who stayed are no longer alike.
 * `earlierP` is the smallest always valid p so far: such a test stays alarmed.
 */
export function splitOf(
  arms: readonly Arm[],
  units: readonly ArmUnits[],
  earlierP: number | null,
): SplitResult {
  const strangers = units.filter(({ arm }) => !arms.some((each) => each.arm === arm));
  const all = [...arms, ...strangers.map(({ arm }) => ({ arm, weight: 0 }))];
  const found = all.map(({ arm }) => units.find((each) => each.arm === arm));
  const weights = all.map(({ weight }) => weight);
  const assigned = found.map((each) => each?.assigned ?? 0);
  const measured = found.map((each) => each?.measured ?? 0);
  const { p, expected, isMismatch } = sampleRatio(assigned, weights);
  const valid = p === null ? null : alwaysValidSampleRatio(assigned, weights).p;
  const alwaysValidP = valid === null ? earlierP : Math.min(valid, earlierP ?? 1);
  return {
    arms: all.map(({ arm, weight }, index) => ({
      arm,
      weight,
      units: assigned[index] ?? 0,
      expected: expected[index] ?? 0,
      crossedOver: found[index]?.crossedOver ?? 0,
    })),
    p,
    alwaysValidP,
    isBroken:
      isMismatch ||
      (alwaysValidP !== null && alwaysValidP < MISMATCH_ALPHA) ||
      sampleRatio(measured, weights).isMismatch,
  };
}
