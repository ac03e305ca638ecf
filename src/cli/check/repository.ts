// Where a folder lies in its repository: what CI systems and code hosts count paths from.
import { realpath, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';

/**
 * The folder's path from the root of the repository that it is in, with `/` between its parts and at its end; '' for
 * the root itself. In no repository it is the path from the working folder, or from the file system's root where it is
 * not below that.
 */
export async function placeInRepository(path: string): Promise<string> {
  const folder = await realpath(path);
  const base = (await repositoryAbove(folder)) ?? (await realpath('.'));
  const place = relative(base, folder).split(sep).join('/');
  if (place === '') return '';
  return place.startsWith('../') || place === '..' ? `${folder.split(sep).join('/')}/` : `${place}/`;
}

/** The root of the repository that a folder is in; the folder itself where it is in none. */
export async function repositoryOf(path: string): Promise<string> {
  const folder = await realpath(path);
  return (await repositoryAbove(folder)) ?? folder;
}

/** A work tree has `.git` at its root: a folder, or a file that says where that is. */
async function repositoryAbove(start: string): Promise<string | undefined> {
  for (let folder = start; ; folder = dirname(folder)) {
    const isRoot = await stat(join(folder, '.git')).then(
      () => true,
      () => false,
    );
    if (isRoot) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}
