// Explains a decision step by step, by walking the very nodes that evaluation walks. Plain JSON, of bounded size.
import type { Context } from '../model/context.ts';
import type { Decision } from '../model/decision.ts';
import type { Ruleset } from './compile.ts';
import { begin, end, evaluate } from './evaluate.ts';
import { type ConditionExplanation, explainCondition, segmentsIn } from './explain-condition.ts';
import { explainOutcome, type OutcomeExplanation } from './explain-outcome.ts';
import { type Flag, isMet } from './flag.ts';
import { type Found, foundAt } from './found.ts';
import type { SegmentGround } from './segment.ts';
import { isContext, type Subject } from './subject.ts';
import { isOpen, type Window } from './window.ts';

export interface Explanation {
  decision: Decision;
  /** The steps taken, in order; the last one made the decision. Empty where there was nothing to walk. */
  steps: Step[];
  /** Each segment that the conditions above name, directly or through another segment. */
  segments: { [key: string]: SegmentExplanation };
}

export type Step =
  | { step: 'override'; until: string; stands: boolean }
  | { step: 'enabled'; enabled: boolean }
  | {
      step: 'requirement';
      flag: string;
      variation: string;
      got?: Pick<Decision, 'variation' | 'reason'>;
      met: boolean;
    }
  | { step: 'targets'; unit: Found; variation?: string }
  | {
      step: 'rule';
      rule: string;
      holds: boolean;
      window?: WindowExplanation;
      condition?: ConditionExplanation;
      outcome?: OutcomeExplanation;
    }
  | { step: 'fallthrough'; outcome: OutcomeExplanation };

/** When a rule holds, as its author wrote it. */
export interface WindowExplanation extends Pick<Window, 'from' | 'until'> {
  open: boolean;
}

export interface SegmentExplanation {
  /** False with `ground` absent: there is no such segment. */
  holds: boolean;
  ground?: SegmentGround;
  unit?: Found;
  condition?: ConditionExplanation;
}

/** The decision of `evaluate`, and each step that led to it. Total, as `evaluate` is. */
export function explain(ruleset: Ruleset, flag: string, context: Context, nowMs: number): Explanation {
  const compiled = ruleset.flags.get(flag);
  if (compiled === undefined || !isContext(context)) {
    return { decision: evaluate(ruleset, flag, context, nowMs), steps: [], segments: {} };
  }
  const subject = begin(ruleset, context, nowMs);
  compiled.settle(subject);
  const steps: Step[] = [];
  const decision = walk(compiled, subject, steps);
  const segments = explainSegments(ruleset, steps, subject);
  end(subject);
  return { decision, steps, segments };
}

/** The steps of `Flag.decide`, each noted. */
function walk(flag: Flag, subject: Subject, steps: Step[]): Decision {
  if (flag.override !== undefined) {
    const stands = subject.nowMs < flag.override.untilMs;
    steps.push({ step: 'override', until: flag.override.decision.metadata.override ?? '', stands });
    if (stands) return flag.override.decision;
  }
  steps.push({ step: 'enabled', enabled: flag.disabled === undefined });
  if (flag.disabled !== undefined) return flag.disabled;
  for (const requirement of flag.requirements) {
    const met = isMet(requirement, subject);
    const { variation, reason } = requirement.flag?.ask(subject) ?? {};
    const got = reason && { got: { ...(variation !== undefined && { variation }), reason } };
    steps.push({ step: 'requirement', flag: requirement.key, variation: requirement.variation, ...got, met });
    if (!met) return requirement.unmet;
  }
  if (flag.targets.size > 0) {
    const target = flag.target(subject);
    const variation = target?.variation;
    steps.push({
      step: 'targets',
      unit: foundAt(flag.body.unit, subject),
      ...(variation !== undefined && { variation }),
    });
    if (target !== undefined) return target;
  }
  return walkRules(flag, subject, steps);
}

function walkRules(flag: Flag, subject: Subject, steps: Step[]): Decision {
  for (const { name, condition, window, outcome } of flag.rules.nodes) {
    const open = window === undefined || isOpen(window, subject.nowMs);
    const holds = open && (condition === undefined || condition.holds(subject));
    const decision = holds ? outcome.decide(subject) : undefined;
    steps.push({
      step: 'rule',
      rule: name,
      holds,
      ...(window && { window: explainWindow(window, open) }),
      ...(condition && { condition: explainCondition(condition, subject) }),
      ...(holds && { outcome: explainOutcome(outcome, subject) }),
    });
    if (decision !== undefined) return decision;
  }
  steps.push({ step: 'fallthrough', outcome: explainOutcome(flag.fallthrough, subject) });
  return flag.fallthrough.decide(subject) ?? flag.otherwise;
}

function explainWindow({ from, until }: Window, open: boolean): WindowExplanation {
  return { ...(from !== undefined && { from }), ...(until !== undefined && { until }), open };
}

/** Each segment once, however often it is named. Not recursive: chains of segments may be long. */
function explainSegments(
  ruleset: Ruleset,
  steps: readonly Step[],
  subject: Subject,
): Explanation['segments'] {
  const explained = new Map<string, SegmentExplanation>();
  const waiting = steps.flatMap((step) => (step.step === 'rule' ? segmentsIn(step.condition) : []));
  for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
    if (explained.has(key)) continue;
    const segment = ruleset.segments.get(key);
    if (segment === undefined) {
      explained.set(key, { holds: false });
      continue;
    }
    const condition = segment.condition && explainCondition(segment.condition, subject);
    waiting.push(...segmentsIn(condition));
    explained.set(key, {
      holds: segment.ask(subject),
      ground: segment.ground(subject),
      unit: foundAt(segment.unit, subject),
      ...(condition && { condition }),
    });
  }
  return Object.fromEntries([...explained].sort(([a], [b]) => (a < b ? -1 : 1)));
}
