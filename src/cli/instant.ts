// The value of an option that is a time.
import { InvalidArgumentError } from 'commander';
import { epochMs, parseInstant } from '../engine/operands/instant.ts';

/** Epoch milliseconds of an RFC 3339 text. Throws commander's InvalidArgumentError. */
export function readInstant(value: string): number {
  if (parseInstant(value)) return epochMs(value);
  throw new InvalidArgumentError('It is no instant: expected RFC 3339, such as 2027-03-31T12:00:00Z.');
}
