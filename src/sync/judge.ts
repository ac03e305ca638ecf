// Judges a commit's files: they become definitions and changes, or problems. Pure.
import { diffRows, type RowChange } from '../changes/diff.ts';
import type { WantedRow } from '../changes/row.ts';
import { wantedRows } from '../changes/wanted.ts';
import { type Loaded, loadDefinitions } from '../definitions/load.ts';
import type { SourceFile } from '../definitions/source-file.ts';
import type { Commit } from '../git/commit.ts';
import type { Definitions } from '../model/definition.ts';
import type { Problem } from '../model/problem.ts';
import type { Applied } from './applied.ts';
import { removedVariations } from './overridden.ts';

export type Judgement =
  | {
      type: 'applied';
      commit: Commit;
      loaded: Loaded;
      definitions: Definitions;
      wanted: WantedRow[];
      changes: RowChange[];
    }
  | { type: 'rejected'; commit: Commit; loaded: Loaded; problems: Problem[] };

/** What a commit's files would do to what is applied; whether someone may do it, `judgeAccess` says. `previous` saves parsing the files that did not change. */
export function judgeCommit(
  commit: Commit,
  files: readonly SourceFile[],
  applied: Pick<Applied, 'rows' | 'overrides'> & { project?: string },
  previous: Loaded | undefined,
): Judgement {
  const loaded = loadDefinitions(files, previous);
  const { definitions } = loaded;
  const problems = loaded.problems.filter(({ severity }) => severity === 'error');
  if (!definitions || problems.length > 0) return { type: 'rejected', commit, loaded, problems };
  if (applied.project !== undefined && definitions.project.project !== applied.project) {
    return { type: 'rejected', commit, loaded, problems: [renamed(files, definitions, applied.project)] };
  }
  const removed = removedVariations(definitions, applied.overrides);
  if (removed.length > 0) return { type: 'rejected', commit, loaded, problems: removed };
  const wanted = wantedRows(definitions, applied.overrides);
  return { type: 'applied', commit, loaded, definitions, wanted, changes: diffRows(applied.rows, wanted) };
}

/** The key that a commit's project file gives itself, whatever is wrong with the other files. */
export function projectKeyOf(files: readonly SourceFile[]): string | undefined {
  const alone = loadDefinitions(files.filter(({ path }) => path === 'project.yaml'));
  return alone.definitions?.project.project;
}

/** The problem of files that give the project another name than it has. */
export function renamed(files: readonly SourceFile[], definitions: Definitions, project: string): Problem {
  return {
    file: 'project.yaml',
    ...positionOfKey(files.find(({ path }) => path === 'project.yaml')),
    code: 'project-renamed',
    severity: 'error',
    message: `The project is called \`${definitions.project.project}\` here, and \`${project}\` in what is applied. A project's name can never change.`,
    hint: `Write \`project: ${project}\` again. For another project, use another folder.`,
  };
}

/** Where `project:` stands: a key at the beginning of a line. */
function positionOfKey(file: SourceFile | undefined): { line: number; column: number } {
  const text = file?.kind === 'file' ? new TextDecoder().decode(file.content) : '';
  const line = text.split(/\r\n|\r|\n/).findIndex((candidate) => /^["']?project["']?\s*:/.test(candidate));
  return { line: Math.max(line, 0) + 1, column: 1 };
}
