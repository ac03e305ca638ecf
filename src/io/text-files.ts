// Reads the text files of a folder of source code, one after the other.
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../lib/errors.ts';

export interface TextFile {
  /** From the folder that was named, beginning with it. */
  path: string;
  /** Absent where the file is larger than 1 MB. */
  text?: string;
}

/** Larger files are hardly source code that someone wrote. */
const MAX_FILE_BYTES = 1024 * 1024;
/** Where others' code lies, and what tools keep. */
const FOREIGN = /^(\..+|node_modules|__pycache__)$/;

/**
 * All text files below a folder, in the order of their names. Links, hidden folders, `node_modules` and files with
 * a NUL in them are passed over. Throws UsageError where the folder cannot be read.
 */
export async function* readTextFiles(root: string): AsyncGenerator<TextFile> {
  const folders = [root];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const entries = await list(folder);
    const inner = entries.filter((entry) => entry.isDirectory() && !FOREIGN.test(entry.name));
    folders.push(...inner.map(({ name }) => join(folder, name)).reverse());
    for (const entry of entries) {
      if (!entry.isFile()) continue;
      const path = join(folder, entry.name);
      const file = await readText(path);
      if (file) yield file;
    }
  }
}

async function list(folder: string) {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new UsageError(`the folder "${folder}" cannot be read (${code})`, { cause });
  }
}

async function readText(path: string): Promise<TextFile | undefined> {
  try {
    if ((await stat(path)).size > MAX_FILE_BYTES) return { path };
    const content = await readFile(path);
    return content.includes(0) ? undefined : { path, text: content.toString('utf8') };
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new UsageError(`the file "${path}" cannot be read (${code})`, { cause });
  }
}
