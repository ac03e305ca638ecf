// Writes a file whole or not at all: readers see the old content or the new one, never a part.
import { randomBytes } from 'node:crypto';
import { chmod, link, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UsageError } from '../lib/errors.ts';

/** Replaces the content of a file that is there; its permissions stay. Throws UsageError where it cannot be written. */
export async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  try {
    const { mode } = await stat(path);
    await using draft = await draftOf(path, content);
    await chmod(draft.path, mode & 0o7777);
    await rename(draft.path, path);
  } catch (cause) {
    throw cannotWrite(path, cause);
  }
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
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw cannotWrite(path, cause);
  }
}

/** A file beside the one that is to be written, no definition by its name; what is left of it goes in the end. */
async function draftOf(
  path: string,
  content: string | Uint8Array,
): Promise<{ path: string } & AsyncDisposable> {
  const draft = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
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
  const { code } = cause as NodeJS.ErrnoException;
  return new UsageError(`the file "${path}" cannot be written (${code})`, { cause });
}
