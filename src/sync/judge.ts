// Judges one commit: its files become definitions or problems, and those become the content of its audit entry. Pure.
import type { CommitContent } from '../audit/content.ts';
import { CONTENT_VERSION } from '../audit/content.ts';
import type { ProjectSource } from '../audit/store.ts';
import { diffRows, type RowChange } from '../changes/diff.ts';
import type { WantedRow } from '../changes/row.ts';
import { wantedRows } from '../changes/wanted.ts';
import { type Loaded, loadDefinitions } from '../definitions/load.ts';
import type { SourceFile } from '../definitions/source-file.ts';
import type { Commit } from '../git/commit.ts';
import { bounded } from '../lib/bounded.ts';
import type { Change } from '../model/change.ts';
import type { Definitions } from '../model/definition.ts';
import type { Problem } from '../model/problem.ts';
import type { Applied } from './applied.ts';

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

/** What a commit would do to what is applied. `previous` saves parsing the files that did not change. */
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
  const wanted = wantedRows(definitions, applied.overrides);
  return { type: 'applied', commit, loaded, definitions, wanted, changes: diffRows(applied.rows, wanted) };
}

/** The key that a commit's project file gives itself, whatever is wrong with the other files. */
export function projectKeyOf(files: readonly SourceFile[]): string | undefined {
  const alone = loadDefinitions(files.filter(({ path }) => path === 'project.yaml'));
  return alone.definitions?.project.project;
}

export interface EntryPlace {
  project: string;
  /** The number of the entry before; 0 for none. */
  lastEntry: number;
  /** 0 for none. */
  lastRevision: number;
  /** Rejected commits under this one. */
  rejected: readonly string[];
  source: ProjectSource;
}

/** The entry's content. `described` are the changes in the audit's form. */
export function entryContent(judgement: Judgement, place: EntryPlace, described: Change[]): CommitContent {
  const { commit } = judgement;
  const { path, branch } = place.source;
  return {
    v: CONTENT_VERSION,
    project: place.project,
    entry: place.lastEntry + 1,
    action: judgement.type === 'applied' ? 'commit.applied' : 'commit.rejected',
    ...(described.length > 0 && { revision: place.lastRevision + 1 }),
    ...(place.lastEntry === 0 && { source: { path, branch } }),
    commit: commit.id,
    tree: commit.tree,
    parents: commit.parents,
    author: commit.author,
    committer: commit.committer,
    committedAt: commit.committedAt,
    subject: commit.subject,
    ...(commit.pullRequest !== undefined && { pullRequest: commit.pullRequest }),
    signature: { status: commit.signature === undefined ? 'unsigned' : 'unverified' },
    evidence: [],
    carries: [...place.rejected],
    changes: described,
    problems: judgement.type === 'rejected' ? judgement.problems.map(kept) : [],
  };
}

/** The audit keeps where and what, and no message that may quote a value. */
function kept({ code, file, line, column }: Problem): CommitContent['problems'][number] {
  return { code, file: bounded(file), line, column };
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
