// When the passing of time alone can change what is answered.
import type { Flag } from './flag.ts';
import type { CompiledRamp } from './ramp.ts';

/** A ruleset, or as much of one as asks for the time. */
export interface Scheduled {
  readonly scheduled: readonly Flag[];
}

/**
 * The first whole millisecond (epoch) after a time at which some context may get another answer: a ramp's share
 * changes, a rule's `from` or `until` comes, or an override ends. Undefined where no such time is left. A linear ramp
 * changes with every hundredth of a percent.
 */
export function nextChangeMs({ scheduled }: Scheduled, nowMs: number): number | undefined {
  return earliest(scheduled.flatMap((flag) => nextChangesOf(flag, nowMs)));
}

/** The same for the instants alone that authors wrote: a linear ramp counts with its steps. */
export function nextInstantMs({ scheduled }: Scheduled, nowMs: number): number | undefined {
  return earliest(scheduled.flatMap((flag) => instantsOf(flag).find((ms) => ms > nowMs) ?? []));
}

/**
 * The instants that a flag's schedules name, as whole milliseconds (epoch), each once and in order: the steps of ramps,
 * the bounds of rules, the end of an override. Between two of them nothing changes but the shares of linear ramps. What
 * the flag requires of others is not followed. Empty where time has no say in what the flag answers.
 */
export function instantsOf(flag: Flag): number[] {
  const steps = rampsOf(flag).flatMap((ramp) => ramp.steps.map(({ atMs }) => atMs));
  const ends = flag.override ? [flag.override.untilMs] : [];
  return [...new Set([...steps, ...boundsOf(flag), ...ends])].sort((a, b) => a - b);
}

function nextChangesOf(flag: Flag, nowMs: number): number[] {
  const { override } = flag;
  if (override !== undefined && nowMs < override.untilMs) return [override.untilMs];
  const shares = rampsOf(flag).flatMap((ramp) => ramp.nextChangeMs(nowMs) ?? []);
  return [...shares, ...boundsOf(flag).filter((ms) => ms > nowMs)];
}

function rampsOf({ disabled, rules, fallthrough }: Flag): CompiledRamp[] {
  if (disabled !== undefined) return [];
  const outcomes = [...rules.nodes.map(({ outcome }) => outcome), fallthrough];
  return outcomes.flatMap((outcome) => (outcome.kind === 'ramp' ? outcome.ramp : []));
}

function boundsOf({ disabled, rules }: Flag): number[] {
  if (disabled !== undefined) return [];
  const bounds = rules.nodes.flatMap(({ window }) => (window ? [window.fromMs, window.untilMs] : []));
  return bounds.filter(Number.isFinite);
}

function earliest(times: readonly number[]): number | undefined {
  let first: number | undefined;
  for (const ms of times) if (first === undefined || ms < first) first = ms;
  return first;
}
