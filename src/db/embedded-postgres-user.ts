// Whom PostgreSQL's server runs as: it refuses to run as root, so root lends it an ordinary user of this machine.
import { execFile } from 'node:child_process';
import { chown } from 'node:fs/promises';
import { promisify } from 'node:util';
import { UsageError } from '../lib/errors.ts';

/** The user that a server of ours runs as. `ids` is empty where that is simply ourselves. */
export interface ServerUser {
  name: string;
  ids: { uid: number; gid: number } | Record<string, never>;
}

/** `postgres` where the machine has it, else `nobody`, which every Unix has. */
const CANDIDATES = ['postgres', 'nobody'];

/** The user to run PostgreSQL as. Throws UsageError where root finds none. */
export async function serverUser(): Promise<ServerUser> {
  if (process.getuid?.() !== 0) return { name: 'this user', ids: {} };
  for (const name of CANDIDATES) {
    const ids = await idsOf(name);
    if (ids && ids.uid !== 0) return { name, ids };
  }
  throw new UsageError(
    `PostgreSQL does not run as root, and this machine has neither a user ${CANDIDATES.join(' nor ')}. ` +
      'Start as an ordinary user, or give the URL of a PostgreSQL of your own.',
  );
}

/** Makes the server's user the owner of these paths. */
export async function give(user: ServerUser, ...paths: string[]): Promise<void> {
  const { uid, gid } = user.ids;
  if (uid === undefined || gid === undefined) return;
  for (const path of paths) await chown(path, uid, gid);
}

/** No PG* variable and no locale of ours reaches the server, and it stands in no folder that it cannot see. */
export function processOptions(user: ServerUser) {
  return { ...user.ids, cwd: '/', env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' } };
}

async function idsOf(name: string): Promise<{ uid: number; gid: number } | undefined> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return undefined;
  }
}

const run = promisify(execFile);
