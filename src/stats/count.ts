// How many of an arm's units converted: all that a binary metric needs.
import { InvalidInputError } from './computed.ts';
import { checkCount } from './input.ts';

export interface Count {
  /** Units that converted, at most n. */
  conversions: number;
  /** Units. Both are safe integers from 0. */
  n: number;
}

/** @throws InvalidInputError `conversions-exceed-n`, and as checkCount */
export function checkRate({ conversions, n }: Count, what: string): void {
  checkCount(n, `The number of units of ${what}`);
  checkCount(conversions, `The number of conversions of ${what}`);
  if (conversions <= n) return;
  throw new InvalidInputError(
    'conversions-exceed-n',
    `Of ${n} units of ${what} ${conversions} cannot have converted: count units, not events.`,
  );
}

/** Treatment minus control, to the last digit: rates of a billion units that nearly agree would leave few. Both n >= 1. */
export function rateDifference(control: Count, treatment: Count): number {
  const crossed =
    BigInt(treatment.conversions) * BigInt(control.n) - BigInt(control.conversions) * BigInt(treatment.n);
  return Number(crossed) / control.n / treatment.n;
}
