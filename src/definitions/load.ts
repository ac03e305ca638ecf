// All files of a folder: to definitions, or to everything that is wrong with them. Pure, and total.
import type { Definition, Definitions } from '../model/definition.ts';
import type { ProjectDefinition } from '../model/definitions.gen.ts';
import type { Problem } from '../model/problem.ts';
import { crossCheck } from './cross-check.ts';
import { ProblemList, problemsOf } from './place.ts';
import { type ReadFile, readFile } from './read-file.ts';
import type { SourceFile } from './source-file.ts';
import { triage } from './triage.ts';

interface Outcome {
  /** Errors and warnings, sorted by file, line and column. */
  problems: Problem[];
  /** What was read of each file, by path, for the next load. */
  files: ReadonlyMap<string, ReadFile>;
}

/** `definitions` are there when no problem is an error. */
export type Loaded = Outcome & ({ ok: true; definitions: Definitions } | { ok: false; definitions?: never });

/**
 * Loads a folder's files. Links, tests and foreign files may be among them. With the outcome of an earlier load,
 * files of the same path and bytes are not parsed again; the result is the same.
 */
export function loadDefinitions(files: readonly SourceFile[], previous?: Pick<Loaded, 'files'>): Loaded {
  const { wanted, problems: named, unread } = triage(files);
  const read = wanted.map(({ path, content }) => {
    const before = previous?.files.get(path);
    return before && sameBytes(before.content, content) ? before : readFile(path, content);
  });
  const { findings, omitted, personal } = crossCheck(read, unread);
  const list = new ProblemList(named);
  for (const file of read) list.add(problemsOf(file, findings.get(file) ?? [], personal, omitted.get(file)));
  const problems = list.sorted();
  const outcome = { problems, files: new Map(read.map((file) => [file.path, file])) };
  const definitions = problems.some(({ severity }) => severity === 'error') ? undefined : definitionsOf(read);
  return definitions ? { ...outcome, ok: true, definitions } : { ...outcome, ok: false };
}

function definitionsOf(files: readonly ReadFile[]): Definitions | undefined {
  const all = files.flatMap(({ definition }): Definition[] => (definition ? [definition] : []));
  const project = all.find(({ kind }) => kind === 'project')?.body as ProjectDefinition | undefined;
  // Kinds and keys are ASCII, and `-` and `.` order as they do in PostgreSQL's collation "C".
  all.sort((a, b) => compare(a.kind, b.kind) || compare(a.key, b.key));
  return project && { project, all };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a === b || (a.length === b.length && Buffer.compare(a, b) === 0);
}
