// The value of an option that is a time.
import { InvalidArgumentError } from 'commander';
import { parseInstant } from '../engine/operands/instant.ts';

/** Epoch milliseconds of an RFC 3339 text. Throws commander's InvalidArgumentError. */
export function readInstant(value: string): number {
  const instant = parseInstant(value);
  if (instant) return (instant.seconds + instant.fraction) * 1000;
  throw new InvalidArgumentError('It is no instant: expected RFC 3339, such as 2027-03-31T12:00:00Z.');
}
