// What a change does to one flag in one environment.
import type { Personal } from '../changes/value-text.ts';
import { bounded } from '../lib/bounded.ts';
import { canonical } from '../lib/json.ts';
import type { Attributes } from '../logic/literal.ts';
import { casesOf } from './cases.ts';
import { type Comparison, flagSide } from './comparison.ts';
import { Formulas } from './formula.ts';
import type { EnvironmentPlan, TargetMoves, ValueChange } from './plan.ts';
import { Possible } from './possible.ts';
import { Programs } from './programs.ts';
import { rulesOf } from './rules.ts';
import { scheduleOf } from './schedule.ts';
import type { Side } from './side.ts';
import { targetMoves } from './targets.ts';
import { unlessTooMuch } from './too-much.ts';
import { withoutUnits } from './without-units.ts';

/** What is known of both projects. */
export interface Known {
  readonly attributes: Attributes;
  readonly personal: Personal;
}

/** Both sides of one flag, ready to be compared. */
export function comparisonOf(
  flag: string,
  environment: string,
  sides: { before: Side; after: Side },
  { attributes, personal }: Known,
): Comparison {
  const formulas = new Formulas();
  const possible = new Possible(attributes);
  const tools = { formulas, programs: new Programs(), possible };
  return {
    flag,
    environment,
    before: flagSide(flag, sides.before, tools),
    after: flagSide(flag, sides.after, tools),
    tools,
    wording: { formulas, possible, attributes, personal },
  };
}

/** `through`: the edits that reach the flag. */
export function environmentPlanOf(
  comparison: Comparison,
  through: EnvironmentPlan['through'],
): EnvironmentPlan {
  const { environment, after } = comparison;
  const limits: string[] = [];
  const attempt = <Found>(work: () => Found, otherwise: Found, what = 'Who moves'): Found =>
    unlessTooMuch(work, ({ message }) => {
      const sentence = `${what} is not worked out: ${message}.`;
      if (!limits.includes(sentence)) limits.push(sentence);
      return otherwise;
    });
  const rules = attempt(() => rulesOf(comparison), []);
  const found = attempt(() => casesOf(comparison), { cases: [], limits: [] });
  const { cases } = found;
  const targets = attempt(() => targetMoves(comparison), NO_TARGETS);
  // Where that is too much, this is too.
  const isKnown = limits.length === 0;
  const without = isKnown ? attempt(() => withoutUnits(comparison, { cases, targets }), [], WITHOUT) : [];
  const schedule = scheduleOf(after.flag, after.side.nowMs);
  limits.push(...found.limits);
  const values = valuesOf(comparison);
  return { environment, through, values, rules, cases, without, targets, schedule, limits };
}

/** Whether there is anything to tell of a flag that is not itself edited. */
export function isEventful({ values, rules, cases, without, targets, limits }: EnvironmentPlan): boolean {
  const told = [values, rules, cases, without, limits].some(({ length }) => length > 0);
  return told || targets.moved + targets.depends > 0;
}

const WITHOUT = 'What those without a unit get';
const NO_TARGETS: TargetMoves = { added: 0, removed: 0, retargeted: 0, moved: 0, depends: 0, moves: [] };

function valuesOf({ before, after }: Comparison): ValueChange[] {
  const [was = {}, is = {}] = [before.flag?.body.variations, after.flag?.body.variations];
  return Object.keys(is).flatMap((variation) => {
    if (!Object.hasOwn(was, variation)) return [];
    const [from, to] = [canonical(was[variation]), canonical(is[variation])];
    return from === to ? [] : [{ variation, before: bounded(from), after: bounded(to) }];
  });
}
