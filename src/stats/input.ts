// What every computation refuses before any mathematics.
import { InvalidInputError } from './computed.ts';

/** A two-sided error probability, in (0, 1). @throws InvalidInputError `alpha-out-of-range` */
export function checkAlpha(alpha: number): void {
  if (alpha > 0 && alpha < 1) return;
  throw new InvalidInputError('alpha-out-of-range', `Alpha is between 0 and 1, and not ${alpha}.`);
}

/**
 * A count of units or events: exact, so below 2^53.
 * @throws InvalidInputError `not-finite`, `negative-count`, `non-integer-count`, `unsafe-integer`
 */
export function checkCount(count: number, what: string): void {
  if (!Number.isFinite(count)) throw new InvalidInputError('not-finite', `${what} is ${count}.`);
  if (count < 0) throw new InvalidInputError('negative-count', `${what} is ${count}: a count is 0 or more.`);
  if (!Number.isInteger(count)) {
    throw new InvalidInputError('non-integer-count', `${what} is ${count}: a count is a whole number.`);
  }
  if (!Number.isSafeInteger(count)) {
    throw new InvalidInputError('unsafe-integer', `${what} is ${count}: above 2^53 a count is not exact.`);
  }
}

/** @throws InvalidInputError `not-finite` */
export function checkFinite(value: number, what: string): void {
  if (!Number.isFinite(value)) throw new InvalidInputError('not-finite', `${what} is ${value}.`);
}
