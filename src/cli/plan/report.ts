// What `halyard plan` prints, in whatever format: the plan, what was compared, and the counts over given contexts.
import { changesInWords } from '../../changes/words.ts';
import type { Change } from '../../model/change.ts';
import type { EnvironmentPlan, FlagPlan, Plan, Warning } from '../../plan/plan.ts';
import type { Base, Head } from './sides.ts';
import type { Subjects } from './subjects.ts';

export interface Report {
  base: Base;
  head: Head;
  plan: Plan;
  /** The one environment that was asked for. */
  environment?: string;
  /** The instant that was asked for, RFC 3339. */
  at?: string;
  /** Over `--contexts`. */
  subjects?: Subjects;
}

/** The plan of one environment: changes that concern all of them stay. */
export function narrowed(plan: Plan, environment: string): Plan {
  const isHere = (place: { environment?: string }): boolean =>
    place.environment === undefined || place.environment === environment;
  return {
    ...plan,
    changes: plan.changes.filter(isHere),
    flags: plan.flags.flatMap((flag) => {
      const environments = flag.environments.filter((part) => part.environment === environment);
      // A flag of which only words changed is in none.
      return environments.length === flag.environments.length || environments.length > 0
        ? [{ ...flag, environments }]
        : [];
    }),
    warnings: plan.warnings.filter(isHere),
  };
}

/** Whether a plan has nothing to say. */
export function isEmpty({ changes, warnings }: Plan): boolean {
  return changes.length === 0 && warnings.length === 0;
}

/** Whether somebody may get another answer. What could not be worked out counts. */
export function moves({ cases, targets, limits }: EnvironmentPlan): boolean {
  return cases.length + limits.length + targets.moved + targets.depends > 0;
}

/** The flags for which somebody moves, and those whose words alone change. */
export function parted(flags: readonly FlagPlan[]): { moving: FlagPlan[]; still: FlagPlan[] } {
  const moving = flags.filter(({ environments }) => environments.some(moves));
  return { moving, still: flags.filter((flag) => !moving.includes(flag)) };
}

/** What changed of one flag, in words without its name. */
export function flagWords({ changes }: Plan, flag: string): string[] {
  const prefix = `${flag}  `;
  const words = changesInWords(changes.filter(({ kind, key }) => kind === 'flag' && key === flag));
  return words.map((line) => (line.startsWith(prefix) ? line.slice(prefix.length) : line));
}

/** The changes of segments, experiments, metrics and the project. */
export function otherChanges({ changes }: Plan): Change[] {
  return changes.filter(({ kind }) => kind !== 'flag');
}

/** The warnings about a flag, in one environment or in all. */
export function warningsOf({ warnings }: Plan, flag: string, environment: string): Warning[] {
  return warnings.filter(
    (warning) =>
      warning.kind === 'flag' &&
      warning.key === flag &&
      (warning.environment === undefined || warning.environment === environment),
  );
}

/** As tools read it. Members are only ever added. */
export function reportJson({ plan, subjects, base, head }: Report): string {
  const { project, at, changes, flags, warnings } = plan;
  const report = {
    project,
    base,
    head,
    at,
    changes,
    flags,
    warnings,
    ...(subjects && { contexts: subjects }),
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}
