// Which rows a commit changes, as the audit lists them: from what is applied to what it wants. Pure.

import { personalAttributes } from '../../changes/value-text.ts';
import { bounded } from '../../lib/bounded.ts';
import type { Change, PatchItem } from '../../model/change.ts';
import { patchBetween } from './patch.ts';
import { type DerivedRow, nameOf } from './rows.ts';

/** A row as it is applied. The body of one that was not derived is not known. */
export type AppliedRow = Omit<DerivedRow, 'body'> & { body?: object };

/** A row that differs; `before` or `after` is absent where there is none. */
export interface RowDifference {
  name: string;
  before?: AppliedRow;
  after?: DerivedRow;
}

/** The rows that appear, disappear, differ or move to another file, by name. */
export function differencesBetween(
  applied: ReadonlyMap<string, AppliedRow>,
  wanted: ReadonlyMap<string, DerivedRow>,
): RowDifference[] {
  const found: RowDifference[] = [];
  for (const [name, after] of wanted) {
    const before = applied.get(name);
    if (before === undefined) found.push({ name, after });
    else if (before.digest !== after.digest || before.path !== after.path)
      found.push({ name, before, after });
  }
  for (const [name, before] of applied) if (!wanted.has(name)) found.push({ name, before });
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A change as it is listed; without a patch where the body before is not known. */
export type DerivedChange = Omit<Change, 'patch'> & { patch?: PatchItem[] };

/**
 * The differences as the audit lists them. What is personal is what the project said before or says now.
 * @param applied to find the project as it was
 */
export function changesOf(
  differences: readonly RowDifference[],
  applied: ReadonlyMap<string, AppliedRow>,
  project: string,
): DerivedChange[] {
  const projectName = nameOf({ kind: 'project', key: project });
  const declared = differences.find(({ name }) => name === projectName)?.after?.body;
  const personal = personalAttributes(applied.get(projectName)?.body, declared);
  return differences.map(({ before, after }) => {
    const { kind, key, environment } = (after ?? before) as AppliedRow;
    const patch = before && after ? patchOf(before, after, personal) : [];
    return {
      kind,
      key,
      ...(environment !== undefined && { environment }),
      action: after === undefined ? 'deleted' : before === undefined ? 'created' : 'updated',
      ...(before && { before: before.digest }),
      ...(after && { after: after.digest }),
      ...(patch && { patch }),
    };
  });
}

function patchOf(
  before: AppliedRow,
  after: DerivedRow,
  personal: (attribute: string) => boolean,
): PatchItem[] | undefined {
  const moved: PatchItem[] =
    before.path === after.path
      ? []
      : [{ at: '', field: 'path', before: bounded(before.path ?? ''), after: bounded(after.path ?? '') }];
  if (before.digest === after.digest) return moved;
  if (before.body === undefined) return undefined;
  const context = { kind: after.kind, isDefinition: after.environment === undefined, personal };
  return [...moved, ...patchBetween(before.body, after.body, context)];
}
