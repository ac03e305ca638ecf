// Where a change reaches: one touch for each definition, environment and file, which a rule must allow each by itself. Pure.
import { type RowChange, rowOf } from '../changes/diff.ts';
import { rowId } from '../changes/row.ts';
import type { AccessAction } from '../model/definitions.gen.ts';

export interface Touch {
  /** `change-access` for the access policy itself; `override` for an emergency override. */
  action: AccessAction;
  kind: string;
  key: string;
  /** The file, relative to the definitions' folder. A deletion has its old path; a move has a touch for both. */
  path: string;
  environment: string;
}

/**
 * The touches of a difference between what is applied and what a commit wants; sorted by path, environment, kind and key.
 * A definition that changes counts for the environments whose rows of it change, and for all where none does (a metric,
 * an unused segment, the policy). One that moves to another file counts for all, with both paths: from then on another
 * rule may decide about it anywhere. An experiment that enters or leaves an environment counts for all, too: where its row
 * stays as it was, people still read its metrics and its analysis, which no row has. Rows of an environment that change without their definition (a segment that is newly
 * referred to) follow from another definition's change, which is touched there.
 * @param environments all that there are, before or after
 */
export function touchesOf(changes: readonly RowChange[], environments: readonly string[]): Touch[] {
  const rowsOf = new Map<string, string[]>();
  const resettled = new Set<string>();
  for (const change of changes) {
    const { kind, key, environment } = rowOf(change);
    if (environment === undefined) continue;
    const id = rowId({ kind, key });
    if (kind === 'experiment' && !(change.before && change.after)) resettled.add(id);
    const known = rowsOf.get(id);
    if (known) known.push(environment);
    else rowsOf.set(id, [environment]);
  }
  if (environments.length === 0) throw new Error('a project without environments');
  const touches: Touch[] = [];
  for (const change of changes) {
    const { kind, key, environment: ofRow } = rowOf(change);
    if (ofRow !== undefined) continue;
    const action = kind === 'access' ? 'change-access' : 'change';
    const paths = pathsOf(change);
    const id = rowId({ kind, key });
    const isEverywhere = paths.length > 1 || (resettled.has(id) && change.before && change.after);
    const changed = isEverywhere ? undefined : rowsOf.get(id);
    for (const path of paths) {
      for (const environment of changed ?? environments)
        touches.push({ action, kind, key, path, environment });
    }
  }
  return touches.sort(compareTouches);
}

/** One path, or two of a move. */
function pathsOf({ before, after }: RowChange): string[] {
  const paths = [before, after].flatMap((row) => (row ? [row.path ?? ''] : []));
  return [...new Set(paths)];
}

/** By their UTF-16 units. */
export function compareTouches(a: Touch, b: Touch): number {
  return (
    compareText(a.path, b.path) ||
    compareText(a.environment, b.environment) ||
    compareText(a.kind, b.kind) ||
    compareText(a.key, b.key)
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
