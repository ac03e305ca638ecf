// Where a continuous function is zero: the one root search of the statistics.

/**
 * A root of `f` between `lower` and `upper`, whose values there must not have the same sign (if they have, the nearer one is answered).
 * Inverse quadratic interpolation where it is safe, else bisection: Chandrupatla, Advances in Engineering Software 28 (1997) 145.
 * Good to `tolerance` (absolute) or a few units in the last place, whichever is wider.
 */
export function rootBetween(
  f: (x: number) => number,
  lower: number,
  upper: number,
  tolerance = 1e-13,
): number {
  let [x1, x2] = [lower, upper];
  let [f1, f2] = [f(x1), f(x2)];
  if (Math.sign(f1) * Math.sign(f2) > 0) return Math.abs(f1) < Math.abs(f2) ? x1 : x2;
  for (let step = 0, t = 0.5; step < 200; step++) {
    const x = x1 + t * (x2 - x1);
    const fx = f(x);
    const isOnFirstSide = Math.sign(fx) === Math.sign(f1);
    const [x3, f3] = isOnFirstSide ? [x1, f1] : [x2, f2];
    if (!isOnFirstSide) [x2, f2] = [x1, f1];
    [x1, f1] = [x, fx];
    const best = Math.abs(f2) < Math.abs(f1) ? x2 : x1;
    const limit = (2 * Number.EPSILON * Math.abs(best) + tolerance) / Math.abs(x2 - x1);
    if (limit > 0.5 || f1 === 0 || f2 === 0) return best;
    t = Math.min(1 - limit, Math.max(limit, nextPart(x1, f1, x2, f2, x3, f3)));
  }
  return x1;
}

/** Where to look next, as a part of the way from x1 to x2. */
function nextPart(x1: number, f1: number, x2: number, f2: number, x3: number, f3: number): number {
  const xi = (x1 - x2) / (x3 - x2);
  const phi = (f1 - f2) / (f3 - f2);
  const isSafe = phi * phi < xi && (1 - phi) * (1 - phi) < 1 - xi;
  if (!isSafe) return 0.5;
  const [a, b] = [f1 / (f2 - f1), f3 / (f2 - f3)];
  return a * b + ((x3 - x1) / (x2 - x1)) * (f1 / (f3 - f1)) * (f2 / (f3 - f2));
}
