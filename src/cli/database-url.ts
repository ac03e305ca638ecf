// Which PostgreSQL a command means: the one it is given, else HALYARD_DATABASE_URL, else the one that `up` runs for this folder.
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type Environment, readText } from '../io/env.ts';
import { isHeld } from '../io/lock-file.ts';
import { UsageError } from '../lib/errors.ts';

/** `up`'s folder of state, beside the definitions' repository. */
export const STATE_FOLDER = '.halyard';
export const LOCK_FILE = 'up.lock';
export const UP_FILE = 'up.json';

/** What `up` writes while it runs, for the other commands. It holds the password, so it is mode 0600. */
export interface UpFile {
  pid: number;
  databaseUrl: string;
  relay: string;
}

export interface DatabaseUrlSource {
  /** The option `--database-url`. */
  databaseUrl?: string | undefined;
  environment?: Environment;
  /** Where to look for `up`, this folder first and then its parents. */
  folder?: string;
}

/** The URL of the database that a command works on. Throws UsageError where nothing names one. */
export async function databaseUrl(source: DatabaseUrlSource = {}): Promise<string> {
  const found = await namedDatabaseUrl(source);
  if (found !== undefined) return found;
  throw new UsageError(
    'no PostgreSQL is named. Give --database-url or HALYARD_DATABASE_URL (postgres://…), ' +
      'or run `halyard up` in this folder, in a git repository.',
  );
}

/** As `databaseUrl`; undefined where nothing names one. Throws UsageError for what is no URL. */
export async function namedDatabaseUrl(source: DatabaseUrlSource = {}): Promise<string | undefined> {
  const { environment = process.env, folder = process.cwd() } = source;
  if (source.databaseUrl !== undefined) return postgresUrl(source.databaseUrl, '--database-url');
  const fromEnvironment = readText(environment, 'HALYARD_DATABASE_URL');
  if (fromEnvironment !== undefined) return postgresUrl(fromEnvironment, 'HALYARD_DATABASE_URL');
  return (await upFile(folder))?.databaseUrl;
}

/** What the `up` that runs for a folder or one of its parents has announced; undefined where none runs. */
export async function upFile(folder: string): Promise<UpFile | undefined> {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const state = join(at, STATE_FOLDER);
    const file = await readFile(join(state, UP_FILE), 'utf8').catch(() => undefined);
    if (file !== undefined && (await isHeld(join(state, LOCK_FILE)))) return JSON.parse(file) as UpFile;
    if (at === dirname(at)) return undefined;
  }
}

/** The URL itself is not shown in the error, since it may hold a password. */
function postgresUrl(text: string, from: string): string {
  if (URL.canParse(text) && /^postgres(ql)?:$/.test(new URL(text).protocol)) return text;
  throw new UsageError(
    `${from} is no PostgreSQL URL. It looks like postgres://user:password@host:5432/database.`,
  );
}
