// P-values of a family of metrics, adjusted so that looking at many does not find what is not there.
import { InvalidInputError } from './computed.ts';

/**
 * Holm's step-down: `p <= alpha` after it for any metric errs, over the whole family, with at most alpha (Holm 1979).
 * The r-th smallest of m becomes max over s <= r of min(1, (m - s + 1) p_s).
 * In: p-values in [0, 1], null where none could be computed. Out: the same order; null stays null and does not count in m.
 * @throws InvalidInputError `p-out-of-range`
 */
export function holm(ps: readonly (number | null)[]): (number | null)[] {
  return adjusted(ps, (ascending) => {
    let largest = 0;
    return ascending.map((p, rank) => {
      largest = Math.max(largest, Math.min(1, (ascending.length - rank) * p));
      return largest;
    });
  });
}

/**
 * Benjamini and Hochberg's step-up: of what `p <= q` calls a difference after it, at most the share q is none, on average, for
 * metrics that are independent or go up and down together (Benjamini & Hochberg 1995; Benjamini & Yekutieli 2001).
 * The r-th smallest of m becomes min over s >= r of min(1, m p_s / s).
 * In: p-values in [0, 1], null where none could be computed. Out: the same order; null stays null and does not count in m.
 * @throws InvalidInputError `p-out-of-range`
 */
export function benjaminiHochberg(ps: readonly (number | null)[]): (number | null)[] {
  return adjusted(ps, (ascending) => {
    const out = new Array<number>(ascending.length);
    let smallest = 1;
    for (let rank = ascending.length; rank >= 1; rank--) {
      smallest = Math.min(smallest, (ascending[rank - 1] as number) * (ascending.length / rank));
      out[rank - 1] = smallest;
    }
    return out;
  });
}

/** Takes those that count, in ascending order, through `adjust`, and puts them back where they were. */
function adjusted(
  ps: readonly (number | null)[],
  adjust: (ascending: readonly number[]) => readonly number[],
): (number | null)[] {
  const counted = ps.flatMap((p, index) => (p === null ? [] : [{ p: checked(p), index }]));
  counted.sort((a, b) => a.p - b.p);
  const result = new Array<number | null>(ps.length).fill(null);
  adjust(counted.map(({ p }) => p)).forEach((p, rank) => {
    result[(counted[rank] as { index: number }).index] = p;
  });
  return result;
}

function checked(p: number): number {
  if (p >= 0 && p <= 1) return p;
  throw new InvalidInputError('p-out-of-range', `A p-value is between 0 and 1, and not ${p}.`);
}
