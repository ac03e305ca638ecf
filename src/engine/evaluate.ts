// Evaluation: one flag, one context, one decision. Start reading the engine here; `Flag.decide` has the order of steps.
import type { Context } from '../model/context.ts';
import type { Decision } from '../model/decision.ts';
import type { Ruleset } from './compile.ts';
import type { Flag } from './flag.ts';
import { isContext } from './subject.ts';

const NOBODY: Context = Object.freeze({});

/**
 * Decides one flag for one context at a time (epoch milliseconds). Pure and total: it never throws, and takes time that
 * the definitions and the context's size bound. What is not an object is answered with INVALID_CONTEXT. The decision
 * is frozen, and one of those that were made when the snapshot was compiled.
 */
export function evaluate(ruleset: Ruleset, flag: string, context: Context, nowMs: number): Decision {
  const compiled = ruleset.flags.get(flag);
  if (compiled === undefined) return flagNotFound(ruleset, flag);
  if (!isContext(context)) return compiled.invalidContext();
  begin(ruleset, context, nowMs);
  compiled.settle(ruleset.subject);
  const decision = compiled.decide(ruleset.subject);
  ruleset.subject.context = NOBODY;
  return decision;
}

/**
 * Decides many flags for one context, in the order asked (all of the ruleset's if none are named). Segments,
 * requirements and buckets that they share are worked out once.
 */
export function evaluateAll(
  ruleset: Ruleset,
  context: Context,
  nowMs: number,
  flags: Iterable<string> = ruleset.flags.keys(),
): Decision[] {
  begin(ruleset, isContext(context) ? context : NOBODY, nowMs);
  const decisions: Decision[] = [];
  for (const key of flags) decisions.push(decideWithin(ruleset, key, context));
  ruleset.subject.context = NOBODY;
  return decisions;
}

function decideWithin(ruleset: Ruleset, key: string, context: Context): Decision {
  const flag: Flag | undefined = ruleset.flags.get(key);
  if (flag === undefined) return flagNotFound(ruleset, key);
  if (!isContext(context)) return flag.invalidContext();
  flag.settle(ruleset.subject);
  return flag.ask(ruleset.subject);
}

/** Fills in the subject. A new epoch forgets what the last evaluation remembered. */
function begin({ subject }: Ruleset, context: Context, nowMs: number): void {
  subject.context = context;
  subject.nowMs = nowMs;
  subject.epoch++;
}

function flagNotFound({ where }: Ruleset, flag: string): Decision {
  return Object.freeze({ flag, reason: 'ERROR', errorCode: 'FLAG_NOT_FOUND', metadata: where });
}
