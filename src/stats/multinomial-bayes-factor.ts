// The Bayes factor of a Dirichlet-multinomial split against a planned one, without the cancellation of its textbook form.

/**
 * log BF = lnG(c) - lnG(c + N) + sum [lnG(a + n) - lnG(a) - n ln t], with t = weight / sum of weights, a = c t, c the concentration and
 * N = sum n (Lindon & Malek 2022). At N = 1e8 its terms are 2e9, which leaves six digits behind the point of a result of order 1. With
 * Stirling's formula lnG(x) = (x - 1/2) ln x - x + ln(2 pi)/2 + s(x) and A = c + N, b = a + n the large terms cancel by algebra:
 *
 *     log BF = sum [b ln(b / (t A)) - b + t A] - (sum ln(b / a) - ln(A / c)) / 2 + sum [s(b) - s(a)] - s(A) + s(c)
 *
 * where b = t A + (n - t N): each term of the first sum is t A ((1 + u) ln(1 + u) - u) with u = (n - t N) / (t A), never negative.
 * Good to about 1e-11 up to N = 1e9. Counts are whole and 0 or more, weights and the concentration above 0.
 */
export function multinomialLogBayesFactor(
  arms: readonly { count: number; weight: number }[],
  concentration: number,
): number {
  const total = arms.reduce((sum, { count }) => sum + count, 0);
  const weights = arms.reduce((sum, { weight }) => sum + weight, 0);
  const grown = Math.log1p(total / concentration);
  let result = grown / 2 + stirlingRest(concentration) - stirlingRest(concentration + total);
  for (const { count, weight } of arms) {
    const share = weight / weights;
    const prior = concentration * share;
    const planned = share * (concentration + total);
    const u = (count - share * total) / planned;
    result += planned * relativeEntropy(u) - Math.log1p(count / prior) / 2;
    result += stirlingRest(prior + count) - stirlingRest(prior);
  }
  return result;
}

/** (1 + u) ln(1 + u) - u for u > -1, about u² / 2 near 0. */
function relativeEntropy(u: number): number {
  return Math.abs(u) < 0.01
    ? u * u * (1 / 2 - u * (1 / 6 - u * (1 / 12 - u * (1 / 20 - u * (1 / 30 - u * (1 / 42 - u / 56))))))
    : (1 + u) * Math.log1p(u) - u;
}

/** s(x) = lnG(x) - (x - 1/2) ln x + x - ln(2 pi)/2 for x > 0: the asymptotic series from 10 on (Abramowitz & Stegun 6.1.41), below by recurrence. */
function stirlingRest(x: number): number {
  let rest = 0;
  let at = x;
  for (; at < 10; at++) rest += (at + 0.5) * Math.log1p(1 / at) - 1;
  const r = 1 / (at * at);
  return (
    rest +
    (1 / 12 - r * (1 / 360 - r * (1 / 1260 - r * (1 / 1680 - r * (1 / 1188 - r * (691 / 360360)))))) / at
  );
}
