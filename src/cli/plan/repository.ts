// The repository that the definitions' folder lies in: the user's own, which is only read.
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { limits, type SourceFile } from '../../definitions/source-file.ts';
import { GitError } from '../../git/command.ts';
import { treesUnder } from '../../git/history.ts';
import type { ObjectStore } from '../../git/objects.ts';
import { isPartialClone } from '../../git/revisions.ts';
import { TreeReader } from '../../git/tree.ts';
import { isGitInstalled, type WorkTree, workTreeOf } from '../../git/work-tree.ts';
import { UnreachableError, UsageError } from '../../lib/errors.ts';

export class Repository {
  /** Where the definitions are in it: `/` separated, empty for the root. */
  readonly path: string;
  readonly #workTree: WorkTree;
  readonly #reader = new TreeReader(limits, (path) => /\.ya?ml$/i.test(path));

  constructor(workTree: WorkTree, path: string) {
    this.#workTree = workTree;
    this.path = path;
  }

  get store(): ObjectStore {
    return this.#workTree.store;
  }

  /** The branch that is checked out; undefined for a detached HEAD. */
  branch(): Promise<string | undefined> {
    return this.#workTree.branch();
  }

  /** The definitions' files as a commit has them; undefined where it has no such folder. */
  async filesOf(commit: string): Promise<SourceFile[] | undefined> {
    const [tree] = await treesUnder(this.store, [commit], this.path);
    return tree === undefined ? undefined : this.#reader.read(this.store, tree);
  }
}

/**
 * Finds the repository around a folder (which may be gone from the disk) and hands it to `work`.
 * Throws UsageError where there is no git or no repository, and UnreachableError where git fails at it.
 */
export async function inRepository<T>(
  folder: string,
  work: (repository: Repository) => Promise<T>,
): Promise<T> {
  if (/[\0\n]/.test(folder)) throw new UsageError('--path holds a line break. Give the path of a folder.');
  // Git's configuration for these commands stands in a file of ours for as long as they run.
  const stateFolder = await mkdtemp(join(tmpdir(), 'halyard-plan-'));
  try {
    const repository = await repositoryAround(folder, stateFolder);
    return await work(repository).catch((error: unknown) => unreadable(error, repository.store));
  } finally {
    await rm(stateFolder, { recursive: true, force: true });
  }
}

async function unreadable(cause: unknown, store: ObjectStore): Promise<never> {
  if (!(cause instanceof GitError)) throw cause;
  if (await isPartialClone(store).catch(() => false)) {
    throw new UsageError(
      'this is a partial clone, which lacks files of other commits. Fetch them: `git fetch --refetch --no-filter`.',
      { cause },
    );
  }
  throw new UnreachableError('git', `the repository cannot be read: ${cause.message}`, { cause });
}

async function repositoryAround(folder: string, stateFolder: string): Promise<Repository> {
  if (!(await isGitInstalled(stateFolder))) {
    throw new UsageError('git is not installed, and a plan compares commits. Install git.');
  }
  const place = await realPlace(resolve(folder));
  const workTree = await workTreeAt(place.existing, folder, stateFolder);
  const inside = relative(workTree.root, place.path);
  return new Repository(workTree, inside.split(sep).join('/'));
}

async function workTreeAt(existing: string, folder: string, stateFolder: string): Promise<WorkTree> {
  try {
    return await workTreeOf({ kind: 'path', name: existing, path: existing }, stateFolder);
  } catch (cause) {
    if (!(cause instanceof UnreachableError)) throw cause;
    throw new UsageError(
      `"${folder}" is in no git repository, and a plan compares commits. --path says where the definitions are.`,
      { cause },
    );
  }
}

/** The path without links, as far as it exists, and the part that exists. */
async function realPlace(path: string): Promise<{ path: string; existing: string }> {
  try {
    const real = await realpath(path);
    return { path: real, existing: real };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if ((code !== 'ENOENT' && code !== 'ENOTDIR') || dirname(path) === path) throw error;
    const parent = await realPlace(dirname(path));
    return { path: join(parent.path, basename(path)), existing: parent.existing };
  }
}
