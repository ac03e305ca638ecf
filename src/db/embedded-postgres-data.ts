// A server's data folder: made once, aside and then renamed into place, with its password; refused where another version made it.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, open, readdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { UsageError } from '../lib/errors.ts';
import type { Programs } from './embedded-postgres-programs.ts';
import { give, processOptions, type ServerUser } from './embedded-postgres-user.ts';

/** Lies beside PostgreSQL's own files, readable by the server's user alone, like them. */
const PASSWORD_FILE = 'halyard-password';

export function readPassword(dataFolder: string): Promise<string> {
  return readFile(join(dataFolder, PASSWORD_FILE), 'utf8');
}

export interface DataOptions {
  folder: string;
  programs: Programs;
  user: ServerUser;
  /** The data need not outlive the machine. */
  isTemporary: boolean;
}

/** The real path of a data folder that is whole and of our version. */
export async function preparedData(options: DataOptions): Promise<string> {
  const { folder, programs } = options;
  await mkdir(dirname(folder), { recursive: true });
  const real = join(await realpath(dirname(folder)), basename(folder));
  const version = await readFile(join(real, 'PG_VERSION'), 'utf8').catch(() => undefined);
  if (version === undefined) await makeData({ ...options, folder: real });
  else if (version.trim() !== programs.major) {
    throw new UsageError(
      `the data folder ${real} was made by PostgreSQL ${version.trim()}, and this is PostgreSQL ${programs.major}. ` +
        'Remove the folder to begin anew from git, or start it with the Halyard that made it.',
    );
  }
  return real;
}

/** Makes the data aside and renames it into place, so that a start which was killed leaves nothing half made. */
async function makeData(options: DataOptions): Promise<void> {
  const { folder, programs, user, isTemporary } = options;
  await removeDrafts(folder);
  const draft = await mkdtemp(`${folder}${DRAFT}`);
  await give(user, draft);
  const initdb = (...args: string[]) =>
    promisify(execFile)(programs.initdb, [`--pgdata=${draft}`, ...args], {
      ...processOptions(user),
      timeout: 60_000,
    });
  try {
    const password = randomBytes(24).toString('base64url');
    await withPasswordFile(password, user, (file) =>
      initdb(...CLUSTER, '--username=postgres', '--auth=scram-sha-256', `--pwfile=${file}`, '--no-sync'),
    );
    await writeFile(join(draft, PASSWORD_FILE), password, { mode: 0o600, flag: 'wx' });
    await give(user, join(draft, PASSWORD_FILE));
    // One call for all thousand files where the system has it (syncfs(2)).
    if (!isTemporary)
      await initdb('--sync-only', ...(process.platform === 'linux' ? ['--sync-method=syncfs'] : []));
    await rename(draft, folder);
    if (!isTemporary) await syncFolder(dirname(folder));
  } catch (cause) {
    await rm(draft, { recursive: true, force: true });
    throw new UsageError(`PostgreSQL's data could not be made in ${folder}: ${firstError(cause)}`, { cause });
  }
}

/** What a draft's name has after its folder's. Each has one of its own: the initdb of a start that was killed may still write. */
const DRAFT = '.new-';

/** Removes what starts that were killed left, or leaves it to a later one, where an initdb still writes there. */
async function removeDrafts(folder: string): Promise<void> {
  const names = await readdir(dirname(folder));
  const drafts = names.filter((name) => name.startsWith(`${basename(folder)}${DRAFT}`));
  for (const name of drafts)
    await rm(join(dirname(folder), name), { recursive: true, force: true }).catch(() => undefined);
}

/** The same on every machine, whatever its locale. */
const CLUSTER = [
  '--no-instructions',
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
];

/** The password never is an argument, which every user of the machine could read. */
async function withPasswordFile(password: string, user: ServerUser, use: (file: string) => Promise<unknown>) {
  const folder = await mkdtemp(join(tmpdir(), 'halyard-'));
  try {
    const file = join(folder, PASSWORD_FILE);
    await writeFile(file, password, { mode: 0o600, flag: 'wx' });
    await give(user, folder, file);
    await use(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}

/** The line of a program's output that says what is wrong. */
export function firstError(cause: unknown): string {
  const text =
    cause instanceof Error ? (cause as { stderr?: string }).stderr || cause.message : String(cause);
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return (lines.find((line) => /FATAL|error/i.test(line)) ?? lines.at(-1) ?? 'it said nothing').trim();
}
