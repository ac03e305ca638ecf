// When a rule holds, and when it takes everyone for whom it holds.
import { epochMs, parseInstant } from '../../engine/operands/instant.ts';
import type { Rule } from '../../model/definitions.gen.ts';
import { hundredths } from './shares.ts';

/** Half-open, in epoch milliseconds. Never empty. */
export interface Time {
  from: number;
  until: number;
}

/** Undefined where the rule never holds, or its instants are none, which is said elsewhere. */
export function timeOf({ from, until }: Rule): Time | undefined {
  if ([from, until].some((text) => text !== undefined && !parseInstant(text))) return undefined;
  return unlessEmpty({
    from: from === undefined ? Number.NEGATIVE_INFINITY : epochMs(from),
    until: until === undefined ? Number.POSITIVE_INFINITY : epochMs(until),
  });
}

/**
 * The part of the rule's time in which each either gets a variation or, for want of a unit, an error: nobody goes on to
 * the next rule. A ramp that ends at 100 percent does so from its last step on. An experiment may end any day.
 */
export function timeOfAll(rule: Rule): Time | undefined {
  const when = timeOf(rule);
  if (!when || 'rollout' in rule.then) return when;
  if (!('serve' in rule.then)) return undefined;
  const { ramp, percent = 100 } = rule.then;
  const last = ramp?.at(-1);
  if (hundredths(last?.percent ?? percent) !== 10_000) return undefined;
  if (!last) return when;
  return parseInstant(last.at) && unlessEmpty({ ...when, from: Math.max(when.from, epochMs(last.at)) });
}

/** The time in pieces within which none of the others begins or ends. */
export function pieces(time: Time, others: readonly Time[]): Time[] {
  if (others.every((other) => covers(other, time))) return [time];
  const cuts = others
    .flatMap(({ from, until }) => [from, until])
    .filter((instant) => instant > time.from && instant < time.until);
  const ends = [...new Set(cuts), time.until].sort((a, b) => a - b);
  return ends.map((until, i) => ({ from: ends[i - 1] ?? time.from, until }));
}

export function covers(whole: Time, part: Time): boolean {
  return whole.from <= part.from && whole.until >= part.until;
}

function unlessEmpty(time: Time): Time | undefined {
  return time.from < time.until ? time : undefined;
}
