// The rules that differ, each looked at alone: what it gives to those for whom it holds, before and after.
import { formulaText } from './case-words.ts';
import { type Comparison, EVERYONE_ELSE, type FlagSide, variationOrder } from './comparison.ts';
import type { Formula } from './formula.ts';
import type { RuleMove, RulePlan, RuleShare } from './plan.ts';
import type { Program } from './program.ts';
import { type Result, resultForAll } from './result.ts';

/** One rule of one side. */
interface RuleSide {
  name: string;
  /** Absent for the fallthrough, and for a rule whose window is closed. */
  condition?: Formula;
  isOpen: boolean;
  program: Program;
}

/** In the order of the rules after, those that are gone last. Throws TooMuch. */
export function rulesOf(comparison: Comparison): RulePlan[] {
  const [before, after] = [rulesByName(comparison.before), rulesByName(comparison.after)];
  const names = new Set([...after.keys(), ...before.keys()]);
  const order = variationOrder(comparison);
  return [...names].flatMap((name) => {
    const [was, is] = [before.get(name), after.get(name)];
    const isSame =
      was?.program === is?.program && was?.condition === is?.condition && was?.isOpen === is?.isOpen;
    return isSame ? [] : [planOfRule(was, is, order, comparison)];
  });
}

/** A rule whose time is not now passes everyone on; where it is so on both sides, it is told as if it were now. */
function planOfRule(
  was: RuleSide | undefined,
  is: RuleSide | undefined,
  order: readonly string[],
  { wording, tools }: Comparison,
): RulePlan {
  const isPending = was?.isOpen === false && is?.isOpen === false;
  const program = (rule: RuleSide) => (rule.isOpen || isPending ? rule.program : tools.programs.passing);
  const alone = (rule: RuleSide | undefined) =>
    rule && resultForAll(program(rule), program(rule), order).after;
  const both: Result | undefined = was && is && resultForAll(program(was), program(is), order);
  const text = (rule: RuleSide | undefined) => rule?.condition && formulaText(rule.condition, wording);
  const [before, after] = [alone(was), alone(is)] as (RuleShare[] | undefined)[];
  const when = { before: text(was), after: text(is) };
  return {
    rule: (is ?? was)?.name ?? '',
    action: was ? (is ? 'updated' : 'deleted') : 'created',
    ...((when.before ?? when.after) !== undefined && { when: present(when) }),
    ...(before && { before }),
    ...(after && { after }),
    moves: (both?.moves ?? []) as RuleMove[],
  };
}

/** Rules of one name are told apart by their order. */
function rulesByName({ flag, programs }: FlagSide): Map<string, RuleSide> {
  const found = new Map<string, RuleSide>();
  if (!flag) return found;
  for (const rule of flag.rules.nodes) {
    let name = rule.name;
    for (let nth = 2; found.has(name); nth++) name = `${rule.name} (${nth})`;
    found.set(name, {
      name,
      ...(rule.condition && { condition: programs.formulaOf(rule.condition) }),
      isOpen: programs.condition(rule) !== undefined,
      program: programs.outcomeAlone(flag, rule.outcome),
    });
  }
  found.set(EVERYONE_ELSE, { name: EVERYONE_ELSE, isOpen: true, program: programs.fallthrough(flag) });
  return found;
}

function present<T extends object>(fields: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Key in keyof T]?: Exclude<T[Key], undefined> };
}
