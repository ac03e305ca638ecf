// The files of a mirror: made whole or not at all, since two instances may share them and either may be killed.
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UsageError } from '../lib/errors.ts';
import { runGit } from './command.ts';
import type { GitEnvironment } from './environment.ts';

const NOT_OURS = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST']);

/** Makes the folder for mirrors. Throws UsageError where that is not allowed; a full disk may be mended. */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === undefined || !NOT_OURS.has(code)) throw cause;
    throw new UsageError(
      `the mirror cannot be kept in ${folder} (${code}). Name a folder with --state-dir.`,
      { cause },
    );
  }
}

export async function isRepository(folder: string): Promise<boolean> {
  return stat(join(folder, 'HEAD')).then(
    (found) => found.isFile(),
    () => false,
  );
}

/** Whether history is missing, because it is in the repository that was fetched. See gitrepository-layout(5). */
export async function isShallow(folder: string): Promise<boolean> {
  return stat(join(folder, 'shallow')).then(
    (found) => found.isFile(),
    () => false,
  );
}

/** Whether something failed because the mirror's folder is gone. */
export function isMissingFolder(error: unknown): boolean {
  return (
    error instanceof Error &&
    (error.name === 'GitConstructError' || ('code' in error && error.code === 'ENOENT'))
  );
}

/** Makes an empty bare repository that can hold `head`: object names of 40 digits are SHA-1, of 64 SHA-256. */
export async function createRepository(
  folder: string,
  head: string,
  environment: GitEnvironment,
): Promise<void> {
  const format = head.length === 64 ? 'sha256' : 'sha1';
  const unborn = `${folder}.${randomUUID()}`;
  try {
    const args = ['init', '--bare', '--quiet', `--object-format=${format}`, unborn];
    await runGit(args, { folder: dirname(folder), environment });
    await rename(unborn, folder).catch(async () => {
      // Another instance was faster, or what is there is no repository.
      if (await isRepository(folder)) return;
      await rm(folder, { recursive: true, force: true });
      await rename(unborn, folder);
    });
  } finally {
    await rm(unborn, { recursive: true, force: true });
  }
}

/** Writes a configuration file, unless it says that already. */
export async function writeConfig(file: string, text: string): Promise<void> {
  if ((await readFile(file, 'utf8').catch(() => '')) === text) return;
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, text);
  await rename(draft, file);
}

/** In a mirror. Git takes a blank or a comma in the path of such a list for its end, so it gets one that has none. */
export const SKIP_LIST = 'halyard-skip-list';

const SKIPPED = /^(?:\s*(?:#.*)?|[0-9a-f]{40}|[0-9a-f]{64})$/;

/** Copies the ids of objects that are taken although git finds fault with them. Throws UsageError for what is no such list. */
export async function copySkipList(file: string, folder: string): Promise<void> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new UsageError(`--git-skip-list ${file} cannot be read.`, { cause });
  });
  if (!text.split(/\r?\n/).every((line) => SKIPPED.test(line)))
    throw new UsageError(`--git-skip-list ${file} must hold whole ids of objects, one a line.`);
  await writeConfig(join(folder, SKIP_LIST), text.replaceAll('\r', ''));
}
