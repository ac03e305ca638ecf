// `up`'s own folder (`.halyard`): one instance at a time, invisible to git, and what other commands need to find it.
import { lstat, mkdir, realpath, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { takeLock } from '../../io/lock-file.ts';
import { UsageError } from '../../lib/errors.ts';
import { LOCK_FILE, UP_FILE, type UpFile } from '../database-url.ts';

export interface StateFolder extends AsyncDisposable {
  path: string;
  /** Tells the other commands where PostgreSQL and the relay are, for as long as this folder is held. */
  announce(file: UpFile): Promise<void>;
}

/** Takes the folder for this process. Throws UsageError where another instance holds it, or it cannot be written. */
export async function takeStateFolder(folder: string): Promise<StateFolder> {
  const path = await prepared(folder);
  const lock = await takeLock(join(path, LOCK_FILE));
  if ('heldBy' in lock) {
    throw new UsageError(
      `\`halyard up\` already runs on ${shown(path)} (process ${lock.heldBy}). ` +
        'Stop that one first, or give this one a folder and a port of its own: --data .halyard-2 --listen 127.0.0.1:8026.',
    );
  }
  const upFile = join(path, UP_FILE);
  await rm(upFile, { force: true });
  return {
    path,
    announce: (file) => writeFile(upFile, `${JSON.stringify(file)}\n`, { mode: 0o600 }),
    async [Symbol.asyncDispose]() {
      await rm(upFile, { force: true });
      await lock[Symbol.asyncDispose]();
    },
  };
}

async function prepared(folder: string): Promise<string> {
  try {
    await mkdir(folder, { recursive: true });
    const path = await realpath(folder);
    await writeFile(
      join(path, '.gitignore'),
      '# Written by `halyard up`: this folder is nobody else’s business.\n*\n',
    );
    return path;
  } catch (cause) {
    const exists = await lstat(folder).then(Boolean, () => false);
    const { code = 'UNKNOWN' } = cause as NodeJS.ErrnoException;
    const why = (exists ? WHY_UNUSABLE : WHY_NOT_MADE)[code] ?? code;
    throw new UsageError(
      `the folder ${shown(folder)} cannot be written: ${why}. ` +
        `${exists ? 'Remove it, or give' : 'Give'} another one with --data.`,
      { cause },
    );
  }
}

const WHY_UNUSABLE: { readonly [code: string]: string | undefined } = {
  EACCES: 'it belongs to another user, root perhaps, who ran this here before',
  EEXIST: 'it is no folder',
  ENOENT: 'it is a link to nowhere',
};
const WHY_NOT_MADE: { readonly [code: string]: string | undefined } = {
  EACCES: 'the folder around it belongs to another user',
  EROFS: 'the disk is read-only',
  // What a recursive mkdir says of a read-only disk.
  ENOENT: 'the disk is read-only',
};

/** A path as a person here would write it. */
export function shown(path: string): string {
  const near = relative(process.cwd(), path);
  return near === '' ? '.' : near.startsWith('..') ? path : near;
}
