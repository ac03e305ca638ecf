// What changed, as the audit will keep it.
import { describeChanges, diffRows, type RowChange } from '../changes/diff.ts';
import { type Row, rowId, type WantedRow } from '../changes/row.ts';
import type { Personal } from '../changes/value-text.ts';
import { wantedRows } from '../changes/wanted.ts';
import type { Change } from '../model/change.ts';
import type { Definition, Definitions } from '../model/definition.ts';
import { type Edit, referenceId } from './edits.ts';
import { indexed, Reach } from './reach.ts';

/** Rows that differ, and the bodies that those of before have. */
export interface Differences {
  rows: RowChange[];
  bodyOf: (row: Row) => string;
}

/** The same as if all rows of both sides were compared; but only those that can differ are made. */
export function differencesOf(
  before: Definitions | undefined,
  after: Definitions,
  edits: readonly Edit[],
): Differences {
  const ids = new Set(edits.map(referenceId));
  for (const side of before ? [before, after] : [after])
    for (const id of segmentsUsed(side, ids)) ids.add(id);
  const was = before ? rowsOf(before, ids) : [];
  const texts = new Map(was.map((row) => [rowId(row), row.text]));
  const applied = new Map(was.map((row) => [rowId(row), row as Row]));
  return { rows: diffRows(applied, rowsOf(after, ids)), bodyOf: (row) => texts.get(rowId(row)) ?? '{}' };
}

export function changesOf({ rows, bodyOf }: Differences, personal: Personal): Change[] {
  return describeChanges(rows, bodyOf, personal);
}

function rowsOf(definitions: Definitions, ids: ReadonlySet<string>): WantedRow[] {
  const only = new Set<Definition>(definitions.all.filter((each) => ids.has(referenceId(each))));
  return wantedRows(definitions, new Map(), only);
}

/** Segments that something edited refers to: an environment has rows of those alone that are used there. */
function segmentsUsed(definitions: Definitions, ids: ReadonlySet<string>): string[] {
  const byId = indexed(definitions);
  return Object.keys(definitions.project.environments).flatMap((environment) => {
    const reach = new Reach(definitions, environment, byId);
    const used = [...ids].flatMap((id) => [...reach.from(id)]);
    return used.filter((id) => id.startsWith('segment '));
  });
}
