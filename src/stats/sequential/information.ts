// How much more a look knows than the one before, by what their values have in common.

export interface InCommon {
  /** Units that the earlier look had values of. */
  n: number;
  /** Over these, within arms: the sum of squares of their values before, of their values now, and of the products of both. */
  before: number;
  now: number;
  products: number;
  /** The sum of squares of what their values have changed by since, means and all. */
  changed: number;
}

export interface All {
  /** Units that this look has values of. */
  n: number;
  /** The sum of squares of their values within arms. */
  now: number;
}

/** Of what is known now: looks that are as near as that to their steps are on time, too. */
const NEXT_TO_NOTHING = 0.01;
/** A look that has less than one in so many in common with the one before has nothing in common with it, to six digits of a bound. */
const MOST = 1000;

/**
 * I_k / I_{k-1} = 1 / corr²(D_{k-1}, D_k), what independent increments have it (Jennison & Turnbull 2000, §11.2), for differences D of
 * means between arms. Under randomisation the covariance of two such differences is that of the units' values within arms, those who
 * came later counting as 0 before: corr² = products² / (before · all.now).
 * Where next to nothing of what was known has changed since, new units alone make a look know more, and information is as units are:
 * their variances are the same but for chance.
 * From 1 to 1000; null where the values do not vary, so that it cannot be said.
 */
export function informationGrowth({ n, before, now, products, changed }: InCommon, all: All): number | null {
  if (!(n > 0 && before > 0 && now > 0 && all.now > 0)) return null;
  const measured = products > 0 ? (products / before) * (products / all.now) : 0;
  const shared = changed <= NEXT_TO_NOTHING * now ? n / all.n : measured;
  const growth = Math.min(MOST, Math.max(1, 1 / shared));
  return Number.isFinite(growth) ? growth : null;
}
