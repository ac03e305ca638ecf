// Writes a file whole or not at all: readers see the old content or the new one, never a part.
import { randomBytes } from 'node:crypto';
import {
  access,
  chmod,
  chown,
  constants,
  link,
  lstat,
  mkdir,
  open,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UsageError } from '../lib/errors.ts';

/**
 * Replaces the content of a file that is there; its permissions and its owner stay. Throws UsageError where it cannot be
 * written, or where it no longer has the content `known`: then someone else has changed it meanwhile.
 */
export async function replaceFile(
  path: string,
  content: string | Uint8Array,
  known?: Uint8Array,
): Promise<void> {
  try {
    await access(path, constants.W_OK);
    const { mode, uid, gid } = await stat(path);
    await using draft = await draftOf(path, content);
    await chown(draft.path, uid, gid).catch(() => {}); // no one but root can give a file away
    await chmod(draft.path, mode & 0o7777);
    if (known && !(await readFile(path)).equals(known)) throw new UsageError(changedMeanwhile(path));
    await rename(draft.path, path);
  } catch (cause) {
    throw cannotWrite(path, cause);
  }
}

function changedMeanwhile(path: string): string {
  return `the file "${path}" was changed by someone else meanwhile, so it is left as it is: run the command again`;
}

/**
 * Creates a file, and the folders that lead to it. False where there is something of that name already, which is left as it
 * is. Throws UsageError where it cannot be written.
 */
export async function createFile(path: string, content: string): Promise<boolean> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await using draft = await draftOf(path, content);
    await link(draft.path, path); // never over another file
    return true;
  } catch (cause) {
    const { code, syscall } = cause as NodeJS.ErrnoException;
    if (code === 'EEXIST' && syscall === 'link') return false;
    throw cannotWrite(path, cause);
  }
}

/**
 * Writes a file, be it there or not, and the folders that lead to it. What is no file of its own, such as /dev/stdout or a
 * link, is written to and not replaced. Throws UsageError where it cannot be written.
 */
export async function putFile(path: string, content: string): Promise<void> {
  const status = await lstat(path).catch(() => undefined);
  if (status?.isFile()) return replaceFile(path, content);
  if (status === undefined && (await createFile(path, content))) return;
  await writeFile(path, content).catch((cause: unknown) => {
    throw cannotWrite(path, cause);
  });
}

/** A file beside the one that is to be written, no definition by its name; what is left of it goes in the end. */
async function draftOf(
  path: string,
  content: string | Uint8Array,
): Promise<{ path: string } & AsyncDisposable> {
  const draft = join(dirname(path), `.halyard-${randomBytes(6).toString('hex')}.tmp`);
  const remove = () => rm(draft, { force: true });
  const file = await open(draft, 'wx');
  try {
    await file.writeFile(content);
    await file.sync();
  } catch (cause) {
    await remove();
    throw cause;
  } finally {
    await file.close();
  }
  return { path: draft, [Symbol.asyncDispose]: remove };
}

function cannotWrite(path: string, cause: unknown): UsageError {
  if (cause instanceof UsageError) return cause;
  const { code } = cause as NodeJS.ErrnoException;
  return new UsageError(`the file "${path}" cannot be written (${code})`, { cause });
}
