// Where what was parsed is kept: in the user's own cache, never where a pull request could put something.
import { lstat, mkdir, realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join, sep } from 'node:path';
import { repositoryOf } from '../check/repository.ts';

/**
 * The folder, made if it is not there; undefined where there is none that is safe: one that others can write to, or that
 * lies in the repository of the definitions. What is in it decides what checks say, so it is for its user alone.
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
    const parent = join(await realpath(home), 'halyard');
    const folder = join(parent, 'check');
    if (isWithin(folder, repository)) return undefined;
    await makeFolder(parent);
    await makeFolder(folder);
    const { mode, uid } = await lstat(folder);
    const isOurs = uid === process.getuid?.() && (mode & 0o022) === 0;
    return isOurs && (await realpath(folder)) === folder ? folder : undefined;
  } catch {
    return undefined;
  }
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
