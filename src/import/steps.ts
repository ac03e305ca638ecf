// A flag in one environment as a list of steps, of which the first that holds decides, and how it is written down.
import { canonical } from '../lib/json.ts';
import type { FlagEnvironment, Outcome, Rule } from '../model/definitions.gen.ts';
import { and, type Logic, not, or } from './logic.ts';
import { Untranslatable } from './untranslatable.ts';

/** A time, half-open, in epoch milliseconds. */
export interface Window {
  fromMs?: number;
  untilMs?: number;
}

/** Whom something is for, and when. */
export interface Guard extends Window {
  when: Logic;
}

export interface Step extends Guard {
  name?: string;
  /** `nothing`: the app's own default stands. */
  then: Outcome | 'nothing';
}

/**
 * The environment that decides as the steps do; whom no step takes gets no value. `what` is named where that cannot be said.
 * A step whose outcome passes units on (a `percent`) is a rule even where it holds for everyone.
 */
export function environmentOf(steps: readonly Step[], what: string): FlagEnvironment {
  const reachable = upToTheLast(steps.filter(isPossible));
  const rules: Rule[] = [];
  let unserved: Logic = false;
  let fallthrough: Outcome | undefined;
  for (const step of reachable) {
    const isTimed = step.fromMs !== undefined || step.untilMs !== undefined;
    if (step.then === 'nothing') {
      // Whom this step would give nothing is kept from every step that follows.
      if (isTimed && step !== reachable.at(-1))
        throw new Untranslatable(what, 'It gives no value for a time, which a rule cannot.');
      unserved = or(unserved, step.when);
      continue;
    }
    const when = and(not(unserved), step.when);
    if (when === false) continue;
    if (when === true && !isTimed && takesEveryone(step)) fallthrough = step.then;
    else rules.push(ruleOf(step, when, step.then));
  }
  // What everyone else gets needs no rule before it, unless the rule's name says more.
  const isNeedless = ({ name, then }: Rule) =>
    name === undefined && canonical(then) === canonical(fallthrough ?? null);
  while (rules.length > 0 && isNeedless(rules.at(-1) as Rule)) rules.pop();
  return { ...(rules.length > 0 && { rules }), ...fallthrough };
}

/** What an environment can come to: its rules' outcomes, and its own. */
export function outcomesOf(environment: FlagEnvironment): (Outcome | FlagEnvironment)[] {
  return [...(environment.rules ?? []).map(({ then }) => then), environment];
}

/** Both of the guards. */
export function both(a: Guard, b: Guard): Guard {
  const fromMs = Math.max(a.fromMs ?? -Infinity, b.fromMs ?? -Infinity);
  const untilMs = Math.min(a.untilMs ?? Infinity, b.untilMs ?? Infinity);
  return {
    when: and(a.when, b.when),
    ...(fromMs > -Infinity && { fromMs }),
    ...(untilMs < Infinity && { untilMs }),
  };
}

function isPossible({ when, fromMs = -Infinity, untilMs = Infinity, then }: Step): boolean {
  const isNoShare = then !== 'nothing' && 'percent' in then && then.percent === 0;
  return when !== false && fromMs < untilMs && !isNoShare;
}

/** Nothing is reached after a step that takes everyone. */
function upToTheLast(steps: readonly Step[]): readonly Step[] {
  const last = steps.findIndex(takesEveryone);
  return last < 0 ? steps : steps.slice(0, last + 1);
}

function takesEveryone({ when, fromMs, untilMs, then }: Step): boolean {
  const isWhole = then === 'nothing' || !('percent' in then || 'ramp' in then || 'experiment' in then);
  return when === true && fromMs === undefined && untilMs === undefined && isWhole;
}

function ruleOf({ name, fromMs, untilMs }: Step, when: Logic, then: Outcome): Rule {
  return {
    ...(name && { name: name.slice(0, 200) }),
    ...(typeof when === 'object' && { if: when }),
    ...(fromMs !== undefined && { from: instantText(fromMs) }),
    ...(untilMs !== undefined && { until: instantText(untilMs) }),
    then,
  };
}

/** RFC 3339, with a fraction only where there is one. */
export function instantText(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}
