// Fisher's exact test of a table of two arms, for counts too low for an approximation.
import type { Count } from '../../../../src/stats/count.ts';

/** Tables as likely as the observed one, but for rounding, count as such (R's fisher.test). */
const ALIKE = 1 + 1e-7;

/**
 * The two-sided p: given its margins, the probability of all tables that are at most as likely as the observed one (Fisher 1935).
 * In [0, 1]. Probabilities are relative to the most likely table's, from which they are followed in both directions until they
 * vanish: no factorial is needed, and the work grows with the standard deviation of the counts only.
 */
export function fisherP(control: Count, treatment: Count): number {
  let observed = 0;
  for (const [conversions, likelihood] of tables(control, treatment)) {
    if (conversions === treatment.conversions) observed = likelihood;
  }
  let [all, atMost] = [0, 0];
  for (const [, likelihood] of tables(control, treatment)) {
    all += likelihood;
    if (likelihood <= observed * ALIKE) atMost += likelihood;
  }
  return Math.min(1, atMost / all);
}

/** The treatment's conversions with their likelihood, relative to about the highest. */
function* tables(control: Count, treatment: Count): Generator<[conversions: number, likelihood: number]> {
  const converted = control.conversions + treatment.conversions;
  const [fewest, most] = [Math.max(0, converted - control.n), Math.min(treatment.n, converted)];
  const likeliest = Math.floor((treatment.n + 1) * ((converted + 1) / (control.n + treatment.n + 2)));
  const mode = Math.min(most, Math.max(fewest, likeliest));
  /** Of x + 1 relative to x: 0 and infinite at the ends of what the margins allow. */
  const odds = (x: number) =>
    ((treatment.n - x) / (x + 1)) * ((converted - x) / (control.n - converted + x + 1));
  for (let x = mode, likelihood = 1; likelihood > 0; likelihood *= odds(x++)) yield [x, likelihood];
  for (let x = mode - 1, likelihood = 1 / odds(x); likelihood > 0; likelihood /= odds(--x))
    yield [x, likelihood];
}
