// What a commit changes: the difference between the rows that are applied and the rows that it wants, in a fixed order.
import { bounded } from '../lib/bounded.ts';
import type { Change } from '../model/change.ts';
import { type Body, patchOf } from './patch.ts';
import { type Row, rowId, type WantedRow } from './row.ts';
import type { Personal } from './value-text.ts';

export interface RowChange {
  before?: Row;
  after?: WantedRow;
}

/** One change for each row that appears, disappears, differs in its body or moves to another file; sorted by kind, key and environment. */
export function diffRows(applied: ReadonlyMap<string, Row>, wanted: readonly WantedRow[]): RowChange[] {
  const changes: RowChange[] = [];
  const kept = new Set<string>();
  for (const after of wanted) {
    const id = rowId(after);
    const before = applied.get(id);
    kept.add(id);
    if (!before) changes.push({ after });
    else if (before.digest !== after.digest || before.path !== after.path) changes.push({ before, after });
  }
  for (const [id, before] of applied) if (!kept.has(id)) changes.push({ before });
  return changes.sort((a, b) => compareRows(rowOf(a), rowOf(b)));
}

/** The changes as the audit keeps them. `bodyOf` gives the body that an updated row had. */
export function describeChanges(
  changes: readonly RowChange[],
  bodyOf: (row: Row) => string,
  personal: Personal,
): Change[] {
  return changes.map((change) => {
    const { before, after } = change;
    const { kind, key, environment } = rowOf(change);
    return {
      kind,
      key,
      ...(environment !== undefined && { environment }),
      action: before ? (after ? 'updated' : 'deleted') : 'created',
      ...(before && { before: before.digest }),
      ...(after && { after: after.digest }),
      patch: before && after ? patchOfRow(before, after, bodyOf, personal) : [],
    };
  });
}

/** Every change has a row before, after or both. */
export function rowOf({ before, after }: RowChange): Row {
  const row = after ?? before;
  if (!row) throw new Error('a change of no row');
  return row;
}

function patchOfRow(
  before: Row,
  after: WantedRow,
  bodyOf: (row: Row) => string,
  personal: Personal,
): Change['patch'] {
  const moved =
    before.path !== after.path && before.path !== undefined && after.path !== undefined
      ? [{ at: '', field: 'path', before: bounded(before.path), after: bounded(after.path) }]
      : [];
  if (before.digest === after.digest) return moved;
  const level = after.environment === undefined ? 'project' : 'environment';
  return [...moved, ...patchOf(after.kind, level, JSON.parse(bodyOf(before)), after.body as Body, personal)];
}

/** By kind, key and environment (none first), each by its UTF-16 units: identities are ASCII. */
function compareRows(a: Row, b: Row): number {
  return (
    compareText(a.kind, b.kind) ||
    compareText(a.key, b.key) ||
    compareText(a.environment ?? '', b.environment ?? '')
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
