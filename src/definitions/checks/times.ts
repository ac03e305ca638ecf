// When a rule holds, and how many of those for whom it holds it takes.
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

/** Of those for whom a rule holds it takes, in this time, all whose buckets are below the share. */
export interface Taking {
  when: Time;
  /** Hundredths of a percent. */
  share: number;
}

export const ALL = 10_000;

/**
 * What a rule takes for sure: nobody of its share goes on to the next rule, since for want of a unit there is an error. A
 * ramp does so from its last step on. An experiment may end any day.
 */
export function takingOf(rule: Rule): Taking | undefined {
  const when = timeOf(rule);
  if (!when || 'rollout' in rule.then) return when && { when, share: ALL };
  if (!('serve' in rule.then)) return undefined;
  const { ramp, percent = 100 } = rule.then;
  const last = ramp?.at(-1);
  const share = hundredths(last?.percent ?? percent);
  if (!last) return { when, share };
  const after =
    parseInstant(last.at) && unlessEmpty({ ...when, from: Math.max(when.from, epochMs(last.at)) });
  return after && { when: after, share };
}

/** The largest share that a rule ever takes; all for one that waits at 0 percent, which takes nobody anyway. */
export function mostOf({ then }: Rule): number {
  if (!('serve' in then)) return ALL;
  const percents = then.ramp?.map(({ percent }) => percent) ?? [then.percent ?? 100];
  return Math.max(...percents.map(hundredths)) || ALL;
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
