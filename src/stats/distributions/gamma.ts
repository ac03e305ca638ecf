// The incomplete gamma function, of which areas of the chi-square distribution are made.

/** From here on Stirling's series is exact to the last digits. */
const LARGE = 12;
/** Coefficients of Stirling's series in 1/a, 1/a³, … (DLMF 5.11.1). */
const STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360_360, 1 / 156];
const HALF_LOG_TWO_PI = Math.log(2 * Math.PI) / 2;
/** Keeps a continued fraction from a division by 0 (Lentz). */
const TINY = 1e-300;

/**
 * P(a, x) and Q(a, x), which add up to 1; the smaller one is exact as well, within 1e-12 (measured against 50 digits, and R).
 * a > 0, x >= 0, infinite x included; the work grows with the square root of a where x is near a.
 * Series DLMF 8.7.1 below a + 1, continued fraction DLMF 8.9.2 above; stdlib's is wrong where a is in the thousands.
 */
export function incompleteGamma(a: number, x: number): { lower: number; upper: number } {
  if (x === 0) return { lower: 0, upper: 1 };
  if (x === Number.POSITIVE_INFINITY) return { lower: 1, upper: 0 };
  const term = Math.exp(logPoissonTerm(a, x));
  if (x < a + 1) {
    const lower = Math.min(1, term * series(a, x));
    return { lower, upper: 1 - lower };
  }
  // Where the term underflowed nothing is left, however slowly the fraction would converge there.
  const upper = term === 0 ? 0 : Math.min(1, term * a * continuedFraction(a, x));
  return { lower: 1 - upper, upper };
}

/** 1 + x/(a+1) + x²/((a+1)(a+2)) + … */
function series(a: number, x: number): number {
  let sum = 1;
  for (let n = 1, part = x / (a + 1); part > sum * 1e-17; n++, part *= x / (a + n)) sum += part;
  return sum;
}

/** 1/(x+1-a - 1(1-a)/(x+3-a - 2(2-a)/(x+5-a - …))), by the modified method of Lentz. */
function continuedFraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1 / TINY;
  let d = 1 / (b || TINY);
  let result = d;
  for (let n = 1, factor = 0; Math.abs(factor - 1) > Number.EPSILON && n < 1e8; n++) {
    const numerator = n * (a - n);
    b += 2;
    d = 1 / (numerator * d + b || TINY);
    c = b + numerator / c || TINY;
    factor = c * d;
    result *= factor;
  }
  return result;
}

/**
 * ln(x^a e^-x / Γ(a+1)). For large a as -a(u - ln(1+u)) with u = (x-a)/a, since its parts are huge and cancel
 * (Loader 2000, Fast and accurate computation of binomial probabilities).
 */
function logPoissonTerm(a: number, x: number): number {
  if (a < LARGE) return a * Math.log(x) - x - logGamma(a + 1);
  const u = (x - a) / a;
  const log = u > -0.5 ? Math.log1p(u) : Math.log(x / a);
  return -a * (u - log) - stirlingError(a) - Math.log(a) / 2 - HALF_LOG_TWO_PI;
}

/** ln Γ(a), for a >= 1. */
function logGamma(a: number): number {
  let [shifted, product] = [a, 1];
  while (shifted < LARGE) product *= shifted++;
  return (
    (shifted - 0.5) * Math.log(shifted) -
    shifted +
    HALF_LOG_TWO_PI +
    stirlingError(shifted) -
    Math.log(product)
  );
}

/** ln Γ(a) less Stirling's formula, for a >= LARGE. */
function stirlingError(a: number): number {
  return STIRLING.reduceRight((sum, coefficient) => sum / (a * a) + coefficient, 0) / a;
}
