// What decides about those of whom some assumptions hold, in words and in order.
import type { OutcomeNode } from '../engine/outcome.ts';
import type { Tools } from './branches.ts';
import { EVERYONE_ELSE, type FlagSide } from './comparison.ts';
import type { Assumption, Possible } from './possible.ts';
import type { Program } from './program.ts';

/** Rules of which it is open whether they hold do not matter to what moves, and are left out. */
export function decidersOf(
  { flag, programs, side }: FlagSide,
  assumptions: readonly Assumption[],
  { possible }: Tools,
): string[] {
  if (!flag) return [];
  if (flag.override !== undefined && side.nowMs < flag.override.untilMs) return ['override'];
  if (flag.disabled !== undefined) return ['disabled'];
  const deciders: string[] = [];
  for (const requirement of flag.requirements) {
    const answers = answersIn(programs.meeting(requirement), assumptions, possible);
    if (answers.has('unmet')) deciders.push(`requires ${requirement.key}`);
    if (!answers.has('met')) return deciders;
  }
  for (const rule of flag.rules.nodes) {
    const formula = programs.condition(rule);
    if (formula === undefined || !takesSome(rule.outcome, side.nowMs)) continue;
    if (!possible.follows({ formula, holds: true }, assumptions)) continue;
    deciders.push(rule.name);
    if (takesAll(rule.outcome, side.nowMs)) return deciders;
  }
  return [...deciders, EVERYONE_ELSE];
}

/** The variations that a program can give under the assumptions. */
export function answersIn(
  program: Program,
  assumptions: readonly Assumption[],
  possible: Possible,
): Set<string | undefined> {
  const found = new Set<string | undefined>();
  const seen = new Set<Program>();
  const waiting = [program];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    if (next.kind === 'answer') found.add(next.answer.variation);
    else if (next.kind === 'split') waiting.push(...next.parts.map((part) => part.program));
    else {
      const { condition: formula } = next;
      if (possible.is([...assumptions, { formula, holds: true }])) waiting.push(next.then);
      if (possible.is([...assumptions, { formula, holds: false }])) waiting.push(next.else);
    }
  }
  return found;
}

/** Whether it gives everyone a variation, or for want of a unit an error. */
export function takesAll(outcome: OutcomeNode, nowMs: number): boolean {
  return reach(outcome, nowMs) === 10_000;
}

function takesSome(outcome: OutcomeNode, nowMs: number): boolean {
  return reach(outcome, nowMs) > 0;
}

/** How many buckets it takes at most. */
function reach(outcome: OutcomeNode, nowMs: number): number {
  switch (outcome.kind) {
    case 'serve':
      return 10_000;
    case 'ramp':
      return outcome.ramp.shareAt(nowMs);
    case 'split':
      return outcome.ranges.at(-1)?.to ?? 0;
    case 'experiment':
      return outcome.running ? outcome.running.inclusion.to - outcome.running.inclusion.from : 0;
  }
}
