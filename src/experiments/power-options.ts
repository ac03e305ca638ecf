// What a power calculation is asked, and what it is told instead of measuring it.
import type { Named, Setup } from './setup.ts';

export interface PowerOptions extends Named {
  /** Instead of what is applied. */
  setup?: Setup;
  /** Now, by the database's clock, if left out. */
  atMs?: number | undefined;
  /** How many of the last days the baseline is measured in. */
  days: number;
  /** Instead of measured ones: the rate, mean or ratio, and a unit's standard deviation (not for a rate). */
  baseline?: number | undefined;
  sd?: number | undefined;
  /** Units a day that take part, instead of measured ones. */
  unitsPerDay?: number | undefined;
  /** Relative to the baseline, instead of the definition's. */
  minimumEffect?: number | undefined;
}
