// What each person may do by an access policy: a table with a row a person and a column a touch. Pure.
import type { AccessAction, AccessDefinition } from '../../model/definitions.gen.ts';
import type { AppliedRow, RowDifference } from './changes.ts';
import { isPathNamed } from './pattern.ts';

/** What must be allowed by itself: one thing in one environment and file. */
export interface Touch {
  action: AccessAction;
  path: string;
  environment: string;
}

/** A cell: how many others must approve; undefined where it is refused. */
export type Permission = number | undefined;

/** The rows of those who are asked for; a column for each touch, in their order. */
export function permissionsOf(
  policy: AccessDefinition,
  touches: readonly Touch[],
  people: readonly string[],
): Map<string, Permission[]> {
  const fitting = touches.map((touch) => rulesFor(policy, touch));
  return new Map(
    people.map((person) => {
      const roles = policy.people[person]?.roles ?? [];
      const row = fitting.map((rules): Permission => {
        const first = rules.find(({ role }) => roles.includes(role));
        return first && (first.approvals ?? 0);
      });
      return [person, row];
    }),
  );
}

function rulesFor({ rules }: AccessDefinition, { action, path, environment }: Touch) {
  return rules.filter(
    ({ may, environments, paths }) =>
      may.includes(action) &&
      (environments === undefined || environments.includes(environment)) &&
      (paths === undefined || paths.some((pattern) => isPathNamed(path, pattern))),
  );
}

/**
 * What the differences of a commit touch. What changes no environment's row, and what moves, counts for all of them; so
 * does an experiment that enters or leaves an environment, whose metrics are in no row.
 * @param environments all that there are, before or after
 */
export function touchesOf(differences: readonly RowDifference[], environments: readonly string[]): Touch[] {
  const served = new Map<string, string[]>();
  const entering = new Set<string>();
  for (const difference of differences) {
    const { kind, key, environment } = rowIn(difference);
    if (environment === undefined) continue;
    const thing = `${kind}\0${key}`;
    const isUpdate = difference.before !== undefined && difference.after !== undefined;
    if (kind === 'experiment' && !isUpdate) entering.add(thing);
    served.set(thing, [...(served.get(thing) ?? []), environment]);
  }
  return differences.flatMap((difference) => {
    const { kind, key, environment: ofRow } = rowIn(difference);
    if (ofRow !== undefined) return [];
    const paths = new Set([difference.before?.path, difference.after?.path].filter(isGiven));
    const isMoved = paths.size === 2;
    const isUpdate = difference.before !== undefined && difference.after !== undefined;
    const isEverywhere = isMoved || (isUpdate && entering.has(`${kind}\0${key}`));
    const where = (isEverywhere ? undefined : served.get(`${kind}\0${key}`)) ?? environments;
    const action = kind === 'access' ? 'change-access' : 'change';
    return [...paths].flatMap((path) => where.map((environment): Touch => ({ action, path, environment })));
  });
}

function rowIn({ before, after }: RowDifference): AppliedRow {
  return (after ?? before) as AppliedRow;
}

function isGiven(path: string | undefined): path is string {
  return path !== undefined;
}
