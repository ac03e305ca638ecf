// Where what was parsed is kept: in the user's own cache, never where a pull request could put something.
import { lstat, mkdir, realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join, sep } from 'node:path';
import { repositoryOf } from '../check/repository.ts';

/**
 * The folder, made if it is not there; undefined where there is none that is safe: one that others can write to or put
 * another in the place of, or that lies in the repository of the definitions. What is in it decides what checks say, so it
 * is for its user alone.
 */
export async function cacheFolderFor(
  definitions: string,
  { XDG_CACHE_HOME }: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  try {
    // A relative XDG_CACHE_HOME is to be ignored (XDG Base Directory Specification).
    const home = XDG_CACHE_HOME && isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : join(homedir(), '.cache');
    const repository = await repositoryOf(definitions);
    if (isWithin(home, repository)) return undefined;
    await makeFolder(home);
    const base = await realpath(home);
    const parent = join(base, 'halyard');
    const folder = join(parent, 'check');
    if (isWithin(folder, repository)) return undefined;
    await makeFolder(parent);
    await makeFolder(folder);
    const isSafe = (await keepsNames(base)) && (await isOurs(parent)) && (await isOurs(folder));
    return isSafe ? folder : undefined;
  } catch {
    return undefined;
  }
}

/** Whether what one user makes in the folder cannot be renamed by every other. */
async function keepsNames(folder: string): Promise<boolean> {
  const { mode } = await lstat(folder);
  return (mode & 0o002) === 0 || (mode & 0o1000) !== 0;
}

/** A folder, and no link to one, that nobody else can write to. */
async function isOurs(folder: string): Promise<boolean> {
  const found = await lstat(folder);
  return found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o022) === 0;
}

/** One at a time: where a file system refuses, Node's recursive `mkdir` may try for ever. */
async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}

function isWithin(path: string, folder: string): boolean {
  return `${path}${sep}`.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
}
