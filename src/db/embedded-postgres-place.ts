// Where a server's data lies: in the state folder itself, or, for root, where the unprivileged server user can reach it.
import { randomBytes } from 'node:crypto';
import { chmod, lstat, mkdir, readFile, readlink, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { UsageError } from '../lib/errors.ts';

/**
 * The data folder that belongs to a state folder (`.halyard`).
 * An ordinary user's is `postgres` in it. Root's may lie under a home that the server's user cannot enter, or in a
 * folder of somebody who could swap it for a link; so it lies under /var/lib/halyard, and the state folder links to it.
 */
export async function dataFolderOf(stateFolder: string): Promise<string> {
  await mkdir(stateFolder, { recursive: true });
  const state = await realpath(stateFolder);
  if (process.getuid?.() !== 0) return join(state, 'postgres');
  const link = join(state, 'postgres-of-root');
  const target = await readlink(link).catch(() => undefined);
  if (target && (await isPlaceOf(target, link))) return join(target, 'data');
  return join(await newPlace(link), 'data');
}

/** A folder that only root writes and everyone may pass through. */
export async function rootFolder(): Promise<string> {
  for (const folder of ['/var/lib/halyard', join(tmpdir(), 'halyard-root')]) {
    try {
      // Whatever the umask, others must be able to pass through.
      if (await mkdir(folder, { recursive: true })) await chmod(folder, 0o755);
      if (await isRootsAlone(folder)) return folder;
    } catch {
      // Read-only, or not ours to make: the next one.
    }
  }
  throw new UsageError(
    `neither /var/lib/halyard nor ${join(tmpdir(), 'halyard-root')} can be made as a folder that root alone writes. ` +
      'Start as an ordinary user, or give the URL of a PostgreSQL of your own.',
  );
}

async function isRootsAlone(folder: string): Promise<boolean> {
  const found = await lstat(folder);
  return (
    found.isDirectory() && found.uid === 0 && (found.mode & 0o022) === 0 && (found.mode & 0o011) === 0o011
  );
}

/** A link and its place name each other. A copied clone's link does not count while the first clone's still does. */
async function isPlaceOf(place: string, link: string): Promise<boolean> {
  if (dirname(place) !== (await rootFolder()) || !/\/clone-[0-9a-f]{16}$/.test(place)) return false;
  const namesLink = await readFile(join(place, 'belongs-to'), 'utf8').catch(() => undefined);
  if (namesLink === undefined || namesLink === link) return namesLink === link;
  if ((await readlink(namesLink).catch(() => undefined)) === place) return false;
  await writeFile(join(place, 'belongs-to'), link);
  return true;
}

async function newPlace(link: string): Promise<string> {
  const place = join(await rootFolder(), `clone-${randomBytes(8).toString('hex')}`);
  await mkdir(place);
  await chmod(place, 0o755);
  await writeFile(join(place, 'belongs-to'), link);
  await rm(link, { force: true, recursive: true });
  await symlink(place, link);
  return place;
}
