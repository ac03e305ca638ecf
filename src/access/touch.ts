// Where a change reaches: one touch for each definition, environment and file, which a rule must allow each by itself. Pure.
import type { RowChange } from '../changes/diff.ts';
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
 * an unused segment, the policy). Rows of an environment that change without their definition (a segment that is newly
 * referred to) follow from another definition's change, which is touched there.
 * @param environments all that there are, before or after
 */
export function touchesOf(changes: readonly RowChange[], environments: readonly string[]): Touch[] {
  throw new Error(`${changes.length} ${environments.length}`);
}
