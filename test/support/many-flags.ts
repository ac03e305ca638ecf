// A project of as many flags as wanted, in a hundred folders: for large commits.
import type { Commit } from '../../src/git/commit.ts';
import type { TreeFile } from '../../src/git/tree.ts';
import { flagYaml, PROJECT_YAML } from './sync-project.ts';

/** The repository's files by their path, under `flags/`. */
export function manyFlags(count: number): Record<string, string> {
  const files: Record<string, string> = { 'flags/project.yaml': PROJECT_YAML };
  for (let n = 0; n < count; n++) files[manyFlagsPath(n)] = flagYaml(`flag-${n}`, n % 100);
  return files;
}

/** Where the nth flag is. */
export function manyFlagsPath(n: number): string {
  return `flags/area-${n % 100}/flag-${n}.yaml`;
}

/** The same files as git reads them under `flags`. */
export function asTree(files: Record<string, string>): TreeFile[] {
  return Object.entries(files).map(([path, text]) => ({
    path: path.slice('flags/'.length),
    kind: 'file',
    content: Buffer.from(text),
  }));
}

/** A commit for those whom only its files concern. */
export const someCommit: Commit = {
  id: 'c0ffee',
  tree: 'beef',
  parents: [],
  author: 'Ada Author <ada@example.com>',
  committer: 'Cole Committer <cole@example.com>',
  committedAt: '2026-01-01T00:00:00Z',
  subject: 'Many flags',
};
