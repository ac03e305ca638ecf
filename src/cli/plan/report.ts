// What `halyard plan` prints, in whatever format: the plan, what was compared, and the counts over given contexts.
import type { Requirement } from '../../access/requirements.ts';
import { changesInWords } from '../../changes/words.ts';
import type { EnvironmentPlan, FlagPlan, Plan, Warning } from '../../plan/plan.ts';
import type { Base, Head } from './sides.ts';
import type { Subjects, SubjectsOfFlag } from './subjects.ts';

export interface ReportParts {
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

/** With what printers look up for each flag, so that ten thousand of them take no longer than they must. */
export interface Report extends ReportParts {
  /** What changed of a flag, in words without its name. */
  wordsOf(flag: string): string[];
  /** The warnings about a flag in an environment, or in all of them. */
  warningsOf(flag: string, environment: string): Warning[];
  countsOf(flag: string, environment: string): SubjectsOfFlag | undefined;
}

export function makeReport(parts: ReportParts): Report {
  const { changes, warnings } = parts.plan;
  const own = Map.groupBy(changes, ({ kind, key }) => (kind === 'flag' ? key : undefined));
  const warned = Map.groupBy(warnings, ({ kind, key }) => (kind === 'flag' ? key : undefined));
  const counts = Map.groupBy(parts.subjects?.flags ?? [], ({ flag }) => flag);
  return {
    ...parts,
    wordsOf(flag) {
      const prefix = `${flag}  `;
      const words = changesInWords(own.get(flag) ?? []);
      return words.map((line) => (line.startsWith(prefix) ? line.slice(prefix.length) : line));
    },
    warningsOf: (flag, environment) =>
      (warned.get(flag) ?? []).filter((each) => (each.environment ?? environment) === environment),
    countsOf: (flag, environment) => counts.get(flag)?.find((each) => each.environment === environment),
  };
}

/** The plan of one environment. What changes in no environment, such as a metric, stays. */
export function narrowed(plan: Plan, environment: string): Plan {
  const isHere = (place: { environment?: string }): boolean =>
    place.environment === undefined || place.environment === environment;
  const things = Map.groupBy(plan.changes, ({ kind, key }) => `${kind} ${key}`);
  const elsewhere = new Set<string>();
  for (const [thing, changes] of things) {
    const places = changes.flatMap((change) => change.environment ?? []);
    if (places.length > 0 && !places.includes(environment)) elsewhere.add(thing);
  }
  return {
    ...plan,
    changes: plan.changes.filter(
      (change) => isHere(change) && !elsewhere.has(`${change.kind} ${change.key}`),
    ),
    flags: plan.flags.flatMap((flag) => {
      const environments = flag.environments.filter((part) => part.environment === environment);
      // A flag of which only words changed is in none.
      const isWords = flag.environments.length === 0 && !elsewhere.has(`flag ${flag.flag}`);
      return isWords || environments.length > 0 ? [{ ...flag, environments }] : [];
    }),
    warnings: plan.warnings.filter(isHere),
    ...(plan.access && { access: plan.access.flatMap((each) => requiredIn(each, environment)) }),
  };
}

function requiredIn(requirement: Requirement, environment: string): Requirement[] {
  return requirement.environments.includes(environment)
    ? [{ ...requirement, environments: [environment] }]
    : [];
}

/** Whether a plan has nothing to say. */
export function isEmpty({ changes, warnings }: Plan): boolean {
  return changes.length === 0 && warnings.length === 0;
}

/** Whether somebody may get another answer. What could not be worked out counts. */
export function moves({ cases, without, targets, limits }: EnvironmentPlan): boolean {
  return cases.length + without.length + limits.length + targets.moved + targets.depends > 0;
}

/** The flags for which somebody moves, and the others. */
export function parted(flags: readonly FlagPlan[]): { moving: FlagPlan[]; still: FlagPlan[] } {
  const { moving = [], still = [] } = Object.groupBy(flags, ({ environments }) =>
    environments.some(moves) ? 'moving' : 'still',
  );
  return { moving, still };
}

/** What changed of segments, experiments, metrics and the project, in words. */
export function otherWords({ changes }: Plan): string[] {
  return changesInWords(changes.filter(({ kind }) => kind !== 'flag'));
}

/** As tools read it. Members are only ever added. */
export function reportJson({ plan, subjects, base, head }: ReportParts): string {
  const { project, at, changes, flags, warnings, access } = plan;
  const contexts = subjects && { contexts: subjects };
  return `${JSON.stringify({ project, base, head, at, changes, flags, warnings, access, ...contexts }, null, 2)}\n`;
}
