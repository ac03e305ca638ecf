// What `halyard fmt` is to format: folders and files of the disk, judged by their names as the loader judges them.
import { lstat, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { limits, type SourceFile } from '../../definitions/source-file.ts';
import { triage } from '../../definitions/triage.ts';
import { readFolder } from '../../io/folder.ts';
import { UsageError } from '../../lib/errors.ts';
import type { Problem } from '../../model/problem.ts';

/** `path` is as the user names it; a problem's `file` too. */
export interface Sources {
  files: { path: string; content: Uint8Array }[];
  problems: Problem[];
}

/** Reads folders whole and files one by one. Throws UsageError for what is not there. */
export async function readSources(paths: readonly string[]): Promise<Sources> {
  const read = await Promise.all(paths.map(readSource));
  const files = read.flatMap((each) => each.files);
  // One that is named twice is there once, by the first of its names.
  const byPlace = new Map(files.toReversed().map((file) => [resolve(file.path), file] as const));
  return {
    files: files.filter((file) => byPlace.get(resolve(file.path)) === file),
    problems: read.flatMap(({ problems }) => problems),
  };
}

async function readSource(path: string): Promise<Sources> {
  const status = await lstat(path).catch((cause) => {
    const { code } = cause as NodeJS.ErrnoException;
    const why =
      code === 'ENOENT' ? `there is no file or folder "${path}"` : `"${path}" cannot be read (${code})`;
    throw new UsageError(`${why}. Name the folder of the definitions, or files in it.`, { cause });
  });
  const isFolder = status.isDirectory() || (status.isSymbolicLink() && (await leadsToFolder(path)));
  if (isFolder) return judged(path, await readFolder(path));
  const name = basename(path);
  if (status.isSymbolicLink()) return judged(dirname(path), [{ path: name, kind: 'link' }]);
  if (!status.isFile() || !/\.ya?ml$/i.test(name)) {
    throw new UsageError(`"${path}" is no file of a definition: expected one whose name ends in .yaml`);
  }
  const { size: sizeBytes } = status;
  if (sizeBytes > limits.fileBytes)
    return judged(dirname(path), [{ path: name, kind: 'oversized', sizeBytes }]);
  return judged(dirname(path), [{ path: name, kind: 'file', content: await contentOf(path) }]);
}

async function contentOf(path: string): Promise<Uint8Array> {
  return readFile(path).catch((cause) => {
    throw new UsageError(`the file "${path}" cannot be read (${(cause as NodeJS.ErrnoException).code})`, {
      cause,
    });
  });
}

function judged(folder: string, entries: readonly SourceFile[]): Sources {
  const { wanted, problems } = triage(entries);
  const tests = entries.filter((entry) => entry.kind === 'file' && entry.path.endsWith('.test.yaml'));
  const files = [...wanted, ...(tests as typeof wanted)].sort((a, b) => (a.path < b.path ? -1 : 1));
  return {
    files: files.map(({ path, content }) => ({ path: join(folder, path), content })),
    problems: problems
      .filter(({ code }) => code !== 'project-missing')
      .map((problem) => ({ ...problem, file: join(folder, problem.file) })),
  };
}

async function leadsToFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}
