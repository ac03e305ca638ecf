// Moments of samples, drawn from their own distribution where it is known: a normal sample needs not be drawn one by one.
import type { CovariateMoments } from '../../../src/stats/cuped.ts';
import type { Moments } from '../../../src/stats/moments.ts';
import type { Random } from './random.ts';

/** Of n units, normal with this mean and standard deviation: the mean is normal, (n - 1) times the variance is chi-square. n >= 2. */
export function normalMoments(random: Random, n: number, mean: number, deviation: number): Moments {
  return {
    n,
    mean: mean + (deviation * random.normal()) / Math.sqrt(n),
    variance: (deviation ** 2 * random.chiSquare(n - 1)) / (n - 1),
  };
}

/** Of n values that are drawn one by one, by two passes. */
export function drawnMoments(n: number, draw: () => number): Moments {
  const values = Float64Array.from({ length: n }, draw);
  const mean = values.reduce((a, b) => a + b, 0) / n;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  return { n, mean, variance };
}

/**
 * Of n units whose metric (this mean, standard deviation 2) and covariate (mean 10, standard deviation 3) are normal with this
 * correlation: the covariance matrix is Wishart, drawn by Bartlett's decomposition.
 */
export function pairMoments(random: Random, n: number, mean: number, correlation: number): CovariateMoments {
  const rest = Math.sqrt(1 - correlation ** 2);
  const [zx, ze] = [random.normal(), random.normal()];
  const [a, b, c] = [Math.sqrt(random.chiSquare(n - 1)), random.normal(), Math.sqrt(random.chiSquare(n - 2))];
  const [yx, ye] = [correlation * a + rest * b, rest * c];
  return {
    n,
    mean: mean + (2 * (correlation * zx + rest * ze)) / Math.sqrt(n),
    variance: (4 * (yx * yx + ye * ye)) / (n - 1),
    covariate: { mean: 10 + (3 * zx) / Math.sqrt(n), variance: (9 * a * a) / (n - 1) },
    covariance: (6 * a * yx) / (n - 1),
  };
}
