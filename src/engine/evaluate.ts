// Evaluation: one flag, one context, one decision. Start reading the engine here; `Flag.decide` has the order of steps.
import type { Context } from '../model/context.ts';
import type { Decision } from '../model/decision.ts';
import type { Ruleset } from './compile.ts';
import type { Flag } from './flag.ts';
import { isContext, type Subject } from './subject.ts';

const NOBODY: Context = Object.freeze({});

/**
 * Decides one flag for one context at a time (epoch milliseconds). Pure and total: it never throws, and takes time that
 * the definitions and the context's size bound. What is not an object is answered with INVALID_CONTEXT. The decision
 * is frozen, and mostly one of those that were made when the snapshot was compiled.
 */
export function evaluate(ruleset: Ruleset, flag: string, context: Context, nowMs: number): Decision {
  const compiled = ruleset.flags.get(flag);
  if (compiled === undefined) return flagNotFound(ruleset, flag);
  if (!isContext(context)) return compiled.invalidContext();
  const subject = begin(ruleset, context, nowMs);
  compiled.settle(subject);
  const decision = compiled.decide(subject);
  end(subject);
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
  flags?: Iterable<string>,
): Decision[] {
  const valid = isContext(context);
  const subject = begin(ruleset, valid ? context : NOBODY, nowMs);
  const decisions = flags
    ? Array.from(flags, (key) => {
        const flag = ruleset.flags.get(key);
        return flag ? oneOfMany(flag, subject, valid) : flagNotFound(ruleset, key);
      })
    : decideAll(ruleset, subject, valid);
  end(subject);
  return decisions;
}

/**
 * The same in steps of one flag each, between which others may be decided: a context of hundreds of kilobytes may take
 * hundreds of milliseconds.
 */
export function* evaluateAllInSteps(
  ruleset: Ruleset,
  context: Context,
  nowMs: number,
  flags?: readonly string[],
): Generator<void, Decision[], undefined> {
  const { subject } = ruleset;
  const valid = isContext(context);
  const decisions = new Array<Decision>(flags?.length ?? ruleset.flags.size);
  let epoch: number | undefined;
  try {
    for (let at = 0; at < decisions.length; at++) {
      if (at > 0) yield;
      // Whoever was decided in between has left nothing of this context.
      if (subject.epoch !== epoch) ({ epoch } = begin(ruleset, valid ? context : NOBODY, nowMs));
      const key = flags?.[at];
      const flag = key === undefined ? ruleset.flags.at(at) : ruleset.flags.get(key);
      decisions[at] = flag ? oneOfMany(flag, subject, valid) : flagNotFound(ruleset, key as string);
    }
    return decisions;
  } finally {
    // Also where nobody wants the rest any more.
    if (subject.epoch === epoch) end(subject);
  }
}

/** By position, without a look-up for each, and into a list that need not grow. */
function decideAll({ flags }: Ruleset, subject: Subject, valid: boolean): Decision[] {
  const decisions = new Array<Decision>(flags.size);
  for (let at = 0; at < flags.size; at++) decisions[at] = oneOfMany(flags.at(at), subject, valid);
  return decisions;
}

function oneOfMany(flag: Flag, subject: Subject, valid: boolean): Decision {
  if (!valid) return flag.invalidContext();
  flag.settle(subject);
  return flag.decide(subject);
}

/** Fills in the ruleset's subject. A new epoch forgets what the last evaluation remembered. */
export function begin({ subject }: Ruleset, context: Context, nowMs: number): Subject {
  subject.context = context;
  subject.nowMs = nowMs;
  subject.epoch++;
  return subject;
}

/** Lets go of the context, so that a ruleset keeps nobody's attributes. */
export function end(subject: Subject): void {
  subject.context = NOBODY;
}

function flagNotFound({ where }: Ruleset, flag: string): Decision {
  return Object.freeze({ flag, reason: 'ERROR', errorCode: 'FLAG_NOT_FOUND', metadata: where });
}
