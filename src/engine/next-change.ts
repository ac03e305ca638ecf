// When the passing of time alone can change what is answered next.
import type { Ruleset } from './compile.ts';
import type { Flag } from './flag.ts';
import type { OutcomeNode } from './outcome.ts';

/**
 * The first whole millisecond (epoch) after a time at which some context may get another answer: a ramp's share
 * changes, a rule's `from` or `until` comes, or an override ends. Undefined where no such time is left. A linear ramp
 * changes with every hundredth of a percent.
 */
export function nextChangeMs({ scheduled }: Pick<Ruleset, 'scheduled'>, nowMs: number): number | undefined {
  return earliest(scheduled.map((flag) => nextChangeOfFlag(flag, nowMs)));
}

/** The same for one flag. What it requires of other flags is not followed. */
export function nextChangeOfFlag({ override, disabled, rules, fallthrough }: Flag, nowMs: number) {
  if (override !== undefined && nowMs < override.untilMs) return override.untilMs;
  if (disabled !== undefined) return undefined;
  const times = rules.nodes.flatMap(({ window, outcome }) => {
    const bounds = window ? [window.fromMs, window.untilMs].filter((ms) => ms > nowMs && ms < Infinity) : [];
    return [...bounds, nextChangeOfOutcome(outcome, nowMs)];
  });
  return earliest([...times, nextChangeOfOutcome(fallthrough, nowMs)]);
}

/** Whether time has a say in what a flag answers, now or ever. */
export function dependsOnTime({ override, rules, fallthrough }: Flag): boolean {
  return (
    override !== undefined ||
    fallthrough.kind === 'ramp' ||
    rules.nodes.some(({ window, outcome }) => window !== undefined || outcome.kind === 'ramp')
  );
}

function nextChangeOfOutcome(outcome: OutcomeNode, nowMs: number): number | undefined {
  return outcome.kind === 'ramp' ? outcome.ramp.nextChangeMs(nowMs) : undefined;
}

function earliest(times: readonly (number | undefined)[]): number | undefined {
  let first: number | undefined;
  for (const ms of times) if (ms !== undefined && (first === undefined || ms < first)) first = ms;
  return first;
}
