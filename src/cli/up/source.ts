// Where `up` takes the definitions from: commits of a repository, or, where there is none, the folder as it is.
import { mkdir, realpath, stat } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import { type GitSource, parseGitSource } from '../../git/source.ts';
import { isGitInstalled, type WorkTree, workTreeOf } from '../../git/work-tree.ts';
import { UnreachableError, UsageError } from '../../lib/errors.ts';
import { shown } from './state-folder.ts';

export type UpSource =
  | {
      kind: 'repository';
      repo: string;
      /** Relative to the root of the repository, `/` separated. */
      path: string;
      /** The checked out repository on this machine; absent for a URL. */
      workTree?: WorkTree;
    }
  | {
      kind: 'folder';
      folder: string;
      /** Why it is not commits that are served: a sentence. */
      why: string;
      hasGit: boolean;
    };

/** Decides by what there is. Throws UsageError where there is neither a repository nor a folder. */
export async function findSource(
  { repo, path }: { repo: string; path: string },
  stateFolder: string,
): Promise<UpSource> {
  await mkdir(stateFolder, { recursive: true });
  const source = parseGitSource(repo, process.cwd());
  const hasGit = await isGitInstalled(stateFolder);
  if (source.kind === 'url') {
    if (hasGit) return { kind: 'repository', repo, path };
    throw new UsageError(
      'git is not installed, and --repo is a URL. Install git, or give a folder of this machine.',
    );
  }
  const folder = resolve(source.path, path);
  if (!hasGit) return asFolder(folder, 'git is not installed', false);
  const workTree = await repositoryAt(source, stateFolder);
  if (!workTree) return asFolder(folder, `${named(source.path)} is not in a git repository`);
  const inside = relative(workTree.root, folder);
  if (inside.startsWith('..')) {
    throw new UsageError(
      `--path ${path} leads out of the repository ${workTree.root}. Say with --repo which one is meant.`,
    );
  }
  // An archive that was unpacked somewhere inside another repository is no part of that one.
  const tracked = inside.split(sep).join('/');
  if (workTree.root !== (await realFolder(source.path)) && !(await workTree.has(tracked))) {
    return asFolder(folder, `the repository ${shown(workTree.root)} has no ${tracked} in its last commit`);
  }
  return { kind: 'repository', repo: workTree.root, path: tracked, workTree };
}

async function repositoryAt(
  source: Extract<GitSource, { kind: 'path' }>,
  stateFolder: string,
): Promise<WorkTree | undefined> {
  await realFolder(source.path);
  try {
    return await workTreeOf(source, stateFolder);
  } catch (error) {
    if (error instanceof UnreachableError) return undefined;
    throw error;
  }
}

async function asFolder(folder: string, why: string, hasGit = true): Promise<UpSource> {
  if (await isFolder(folder)) return { kind: 'folder', folder, why, hasGit };
  throw new UsageError(
    `${why}, and there is no folder ${shown(folder)}. Say with --repo and --path where they are.`,
  );
}

function named(folder: string): string {
  return shown(folder) === '.' ? 'this folder' : shown(folder);
}

async function realFolder(path: string): Promise<string> {
  return realpath(path).catch((cause: unknown) => {
    throw new UsageError(`--repo ${shown(path)}: there is no such folder.`, { cause });
  });
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
