// What a person has checked out on this machine: the branch, and which edits are not committed yet.
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readersOf } from './cat-file.ts';
import { askGit, runGit } from './command.ts';
import { gitConfiguration } from './configuration.ts';
import { type GitEnvironment, localEnvironment } from './environment.ts';
import type { ObjectStore } from './objects.ts';
import { remoteOf } from './remote.ts';
import { type GitSource, locateRepository } from './source.ts';

export interface WorkTree {
  /** The folder of the repository. */
  root: string;
  /** For reading commits, trees and files of it. */
  store: ObjectStore;
  /** The commit that is checked out; undefined before the first one. */
  head(): Promise<string | undefined>;
  /** The branch that is checked out; undefined for a detached HEAD. */
  branch(): Promise<string | undefined>;
  /** Whether the checked out commit has a folder of this path. */
  has(path: string): Promise<boolean>;
  /** Files under a path that differ from what is committed, new ones too. Throws GitError where the repository is someone else's. */
  uncommitted(path: string, signal?: AbortSignal): Promise<string[]>;
}

/** True where a git can be run at all. */
export async function isGitInstalled(folder: string): Promise<boolean> {
  const environment = localEnvironment({
    globalConfigFile: '/dev/null',
    ceilings: [],
    inherited: process.env,
  });
  return askGit(['--version'], { folder, environment, deadlineMs: 10_000 }).then(
    () => true,
    () => false,
  );
}

/** The repository that a local source lies in. Throws UnreachableError where it lies in none. */
export async function workTreeOf(
  source: Extract<GitSource, { kind: 'path' }>,
  stateFolder: string,
): Promise<WorkTree> {
  const { folder } = await locateRepository(source.path);
  const { owned } = await remoteOf(source, stateFolder);
  const globalConfigFile = join(stateFolder, 'work-tree.gitconfig');
  await writeFile(globalConfigFile, gitConfiguration({ safeFolders: owned }));
  const ownConfigFile = join(stateFolder, 'own-work-tree.gitconfig');
  await writeFile(ownConfigFile, gitConfiguration({ safeFolders: [], leavesBareAlone: true }));
  const common = { ceilings: [dirname(folder)], inherited: process.env };
  return new LocalWorkTree(
    folder,
    localEnvironment({ ...common, globalConfigFile }),
    localEnvironment({ ...common, globalConfigFile: ownConfigFile }),
  );
}

class LocalWorkTree implements WorkTree {
  readonly root: string;
  readonly store: ObjectStore;
  readonly #environment: GitEnvironment;
  /**
   * In which git refuses a repository that is not this user's. `git status` runs programs that the repository's
   * configuration names (core.fsmonitor, filters); the other commands here run none.
   */
  readonly #ownEnvironment: GitEnvironment;

  constructor(root: string, environment: GitEnvironment, ownEnvironment: GitEnvironment) {
    this.root = root;
    this.#environment = environment;
    this.#ownEnvironment = ownEnvironment;
    const place = { folder: root, environment };
    this.store = { ...place, readers: readersOf(place) };
  }

  head(): Promise<string | undefined> {
    return this.#answer(['rev-parse', '--verify', '--quiet', '--end-of-options', 'HEAD^{commit}']);
  }

  branch(): Promise<string | undefined> {
    return this.#answer(['symbolic-ref', '--quiet', '--short', 'HEAD']);
  }

  async has(path: string): Promise<boolean> {
    const name = path === '' ? 'HEAD^{tree}' : `HEAD:${path}`;
    const found = await this.#answer(['rev-parse', '--verify', '--quiet', '--end-of-options', name]);
    return found !== undefined;
  }

  async uncommitted(path: string, signal?: AbortSignal): Promise<string[]> {
    const args = [
      '--no-optional-locks',
      'status',
      '--porcelain=v1',
      '-z',
      '--no-renames',
      '--untracked-files=all',
    ];
    const text = await runGit([...args, '--', path === '' ? '.' : path], {
      folder: this.root,
      environment: this.#ownEnvironment,
      signal,
    });
    // Each entry is two letters of state, a space and the path: git-status(1), "Porcelain Format Version 1".
    return text
      .split('\0')
      .filter((entry) => entry !== '')
      .map((entry) => entry.slice(3));
  }

  async #answer(args: string[]): Promise<string | undefined> {
    const { exitCode, text } = await askGit(args, {
      folder: this.root,
      environment: this.#environment,
      answers: [1, 128],
    });
    return exitCode === 0 && text.trim() !== '' ? text.trim() : undefined;
  }
}
