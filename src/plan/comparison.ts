// One flag in one environment, before and after: all that comparing it needs.
import type { Flag } from '../engine/flag.ts';
import type { OutcomeNode } from '../engine/outcome.ts';
import type { Tools } from './branches.ts';
import type { Wording } from './case-words.ts';
import { FlagPrograms } from './flag-program.ts';
import type { EnvironmentPlan } from './plan.ts';
import type { Side } from './side.ts';

/** What the fallthrough is called among the rules. */
export const EVERYONE_ELSE = 'everyone else';

export interface Comparison {
  readonly flag: string;
  readonly environment: string;
  readonly before: FlagSide;
  readonly after: FlagSide;
  readonly tools: Tools;
  readonly wording: Wording;
}

/** With what came of it. */
export interface Compared {
  readonly comparison: Comparison;
  readonly plan: EnvironmentPlan;
}

/** A rule, or the fallthrough, with its namesake on the other side. */
export interface RulePair {
  readonly name: string;
  readonly before: { readonly flag: Flag; readonly outcome: OutcomeNode };
  readonly after: { readonly flag: Flag; readonly outcome: OutcomeNode };
}

/** The rules and the fallthrough that are there before and after in a flag that is on, by their names. */
export function rulePairs({ before, after }: Comparison): RulePair[] {
  const [was, is] = [before.flag, after.flag];
  if (!was || !is || was.disabled !== undefined || is.disabled !== undefined) return [];
  const known = new Map(was.rules.nodes.map(({ name, outcome }) => [name, outcome]));
  const rules = [
    ...is.rules.nodes.map(({ name, outcome }) => ({ name, was: known.get(name), is: outcome })),
    { name: EVERYONE_ELSE, was: was.fallthrough, is: is.fallthrough },
  ];
  return rules.flatMap((rule) =>
    rule.was
      ? [
          {
            name: rule.name,
            before: { flag: was, outcome: rule.was },
            after: { flag: is, outcome: rule.is },
          },
        ]
      : [],
  );
}

export interface FlagSide {
  readonly side: Side;
  readonly programs: FlagPrograms;
  /** Absent where there is no such flag. */
  readonly flag: Flag | undefined;
}

export function flagSide(key: string, side: Side, { formulas, programs }: Tools): FlagSide {
  return {
    side,
    programs: new FlagPrograms(side, { formulas, programs }),
    flag: side.ruleset.flags.get(key),
  };
}

/** The variations in the order in which answers are listed: as the flag has them after, and then those that are gone. */
export function variationOrder({ before, after }: Comparison): string[] {
  const names = [before, after].map(({ flag }) => Object.keys(flag?.body.variations ?? {}));
  return [...new Set([...(names[1] ?? []), ...(names[0] ?? [])])];
}
