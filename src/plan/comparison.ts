// One flag in one environment, before and after: all that comparing it needs.
import type { Flag } from '../engine/flag.ts';
import type { Tools } from './branches.ts';
import type { Wording } from './case-words.ts';
import { FlagPrograms, type Side } from './flag-program.ts';
import type { EnvironmentPlan } from './plan.ts';

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
