// The rows of a snapshot by their kind.
import type { EnvironmentDefinition, Snapshot } from '../model/snapshot.ts';
import { CompileError } from './compile-error.ts';
import { tooOld } from './members.ts';

type RowOf<Kind> = Extract<EnvironmentDefinition, { kind: Kind }>;

export interface Rows {
  readonly project: RowOf<'project'>;
  readonly flags: readonly RowOf<'flag'>[];
  readonly segments: readonly RowOf<'segment'>[];
  readonly experiments: readonly RowOf<'experiment'>[];
}

/** Throws a CompileError where there is no project, or a kind that this version does not know. */
export function rowsByKind(snapshot: Snapshot): Rows {
  let project: RowOf<'project'> | undefined;
  const flags: RowOf<'flag'>[] = [];
  const segments: RowOf<'segment'>[] = [];
  const experiments: RowOf<'experiment'>[] = [];
  for (const row of snapshot.definitions) {
    if (row.kind === 'flag') flags.push(row);
    else if (row.kind === 'segment') segments.push(row);
    else if (row.kind === 'experiment') experiments.push(row);
    else if (row.kind === 'project') project = row;
    else throw ofUnknownKind(row);
  }
  if (project === undefined) {
    throw new CompileError('project', snapshot.project, { cause: 'the snapshot does not hold it' });
  }
  return { project, flags, segments, experiments };
}

function ofUnknownKind({ kind, key }: { kind: string; key: string }): CompileError {
  return new CompileError(kind, key, { cause: tooOld(`definitions of the kind \`${kind}\``) });
}
