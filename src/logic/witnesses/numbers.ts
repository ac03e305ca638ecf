// Numbers that stand for all: each constant and its neighbours, since comparisons only change there.
const float = new Float64Array(1);
const bits = new BigInt64Array(float.buffer);

/**
 * Of any number, one of these compares alike with every constant. The constants are finite; beyond the largest is infinity,
 * which is what JSON's 1e999 is read as.
 */
export function numbersAround(constants: readonly number[]): number[] {
  if (constants.length === 0) return [0];
  return constants.flatMap((constant) => [constant, next(constant, 1n), next(constant, -1n)]);
}

/** The double next to it: doubles of one sign order as their bits do (IEEE 754). */
function next(number: number, direction: 1n | -1n): number {
  if (number === 0) return Number(direction) * Number.MIN_VALUE;
  float[0] = number;
  bits[0] = (bits[0] ?? 0n) + (number > 0 ? direction : -direction);
  return float[0];
}
