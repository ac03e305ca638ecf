// What every distribution asks of its arguments, so that NaN stops at the door.
import { InvalidInputError } from '../computed.ts';

/** Infinite is fine: tails end there. */
export function asNumber(x: number): number {
  if (!Number.isNaN(x)) return x;
  throw new InvalidInputError('not-finite', 'A distribution was asked at NaN.');
}

/** Strictly between 0 and 1: at the ends quantiles are infinite. */
export function asProbability(area: number): number {
  if (area > 0 && area < 1) return area;
  throw new InvalidInputError(
    'p-out-of-range',
    `A quantile belongs to a p between 0 and 1, and not ${area}.`,
  );
}

export function asDegreesOfFreedom(df: number): number {
  if (df > 0 && df < Number.POSITIVE_INFINITY) return df;
  throw new InvalidInputError('not-finite', `Degrees of freedom are positive and finite, and not ${df}.`);
}
