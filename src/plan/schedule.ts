// What is planned for later: the steps of ramps, and when rules begin and end to hold.
import type { Flag } from '../engine/flag.ts';
import { epochMs } from '../engine/operands/instant.ts';
import type { OutcomeNode } from '../engine/outcome.ts';
import { EVERYONE_ELSE } from './comparison.ts';
import type { ScheduledStep } from './plan.ts';

/** In the order of time, then of the rules. */
export function scheduleOf(flag: Flag | undefined, nowMs: number): ScheduledStep[] {
  if (!flag || flag.disabled !== undefined) return [];
  const steps = flag.rules.nodes.flatMap(({ name, window, outcome }) => [
    ...(window?.from === undefined ? [] : [step(window.from, name, 'opens')]),
    ...ramp(name, outcome),
    ...(window?.until === undefined ? [] : [step(window.until, name, 'closes')]),
  ]);
  return [...steps, ...ramp(EVERYONE_ELSE, flag.fallthrough)]
    .map((each) => ({ ms: epochMs(each.at), each }))
    .sort((a, b) => a.ms - b.ms)
    .map(({ ms, each }) => (ms <= nowMs ? { ...each, past: true } : each));
}

function ramp(rule: string, outcome: OutcomeNode): ScheduledStep[] {
  if (outcome.kind !== 'ramp') return [];
  const { steps, linear } = outcome.ramp;
  return steps.map(({ at, share }) => step(at, rule, { percent: share / 100, ...(linear && { linear }) }));
}

function step(at: string, rule: string, does: ScheduledStep['does']): ScheduledStep {
  return { at, rule, does };
}
