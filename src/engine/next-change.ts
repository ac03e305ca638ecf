// When the passing of time alone can change what is answered.
import type { Schedule } from './schedule.ts';

/** A ruleset, or as much of one as asks for the time. */
export interface Scheduled {
  readonly scheduled: readonly Schedule[];
}

/**
 * The first whole millisecond (epoch) after a time at which some context may get another answer: a ramp's share
 * changes, a rule's `from` or `until` comes, or an override ends. Undefined where no such time is left. A linear ramp
 * changes with every hundredth of a percent.
 */
export function nextChangeMs({ scheduled }: Scheduled, nowMs: number): number | undefined {
  return earliest(scheduled.flatMap((schedule) => nextChangesOf(schedule, nowMs)));
}

/** The same for the instants alone that authors wrote: a linear ramp counts with its steps. */
export function nextInstantMs({ scheduled }: Scheduled, nowMs: number): number | undefined {
  return earliest(scheduled.flatMap((schedule) => instantsOf(schedule).find((ms) => ms > nowMs) ?? []));
}

/**
 * The instants that a flag's schedules name, as whole milliseconds (epoch), each once and in order: the steps of ramps,
 * the bounds of rules, the end of an override. Between two of them nothing changes but the shares of linear ramps. What
 * the flag requires of others is not followed.
 */
export function instantsOf({ ramps, boundsMs, overrideUntilMs }: Schedule): number[] {
  const steps = ramps.flatMap((ramp) => ramp.steps.map(({ atMs }) => atMs));
  const ends = overrideUntilMs === undefined ? [] : [overrideUntilMs];
  return [...new Set([...steps, ...boundsMs, ...ends])].sort((a, b) => a - b);
}

function nextChangesOf({ ramps, boundsMs, overrideUntilMs }: Schedule, nowMs: number): number[] {
  if (overrideUntilMs !== undefined && nowMs < overrideUntilMs) return [overrideUntilMs];
  const shares = ramps.flatMap((ramp) => ramp.nextChangeMs(nowMs) ?? []);
  return [...shares, ...boundsMs.filter((ms) => ms > nowMs)];
}

function earliest(times: readonly number[]): number | undefined {
  let first: number | undefined;
  for (const ms of times) if (first === undefined || ms < first) first = ms;
  return first;
}
