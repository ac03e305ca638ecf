// A lock file that names the process which holds it, so that one left by a killed process is told from one in use.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';

interface Holder {
  pid: number;
  /** When that process began, as the system tells it: a later process with the same pid differs in it. */
  began: string;
}

/** Takes the lock and returns it, or returns the pid of the living process that holds it. */
export async function takeLock(path: string): Promise<AsyncDisposable | { heldBy: number }> {
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  const mine: Holder = { pid: process.pid, began: (await beganAt(process.pid)) ?? '' };
  try {
    await writeDraft(draft, path, mine);
    for (let attempt = 0; attempt < 10; attempt++) {
      if (await linked(draft, path)) return { [Symbol.asyncDispose]: () => rm(path, { force: true }) };
      const holder = await readHolder(path);
      if (holder && (await isAlive(holder))) return { heldBy: holder.pid };
      await removeStale(path, holder);
    }
    throw new Error(`the lock ${path} changes hands all the time`);
  } finally {
    await rm(draft, { force: true });
  }
}

/** True while the process that a lock names lives. */
export async function isHeld(path: string): Promise<boolean> {
  const holder = await readHolder(path);
  return holder !== undefined && (await isAlive(holder));
}

/** On a disk that is full, in the room of a lock that a dead process left: else nobody could come and make room. */
async function writeDraft(draft: string, path: string, mine: Holder): Promise<void> {
  const write = () => writeFile(draft, JSON.stringify(mine), { mode: 0o600 });
  try {
    await write();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    const holder = await readHolder(path);
    if (holder && (await isAlive(holder))) throw error;
    await removeStale(path, holder);
    await write();
  }
}

/** A hard link appears with its whole content or not at all, and never over another one. */
async function linked(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Moves the stale lock aside and looks again: if another process was faster, what was moved is its lock, and goes back. */
async function removeStale(path: string, stale: Holder | undefined): Promise<void> {
  const aside = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    await rename(path, aside);
  } catch {
    return;
  }
  const moved = await readHolder(aside);
  if (moved && (moved.pid !== stale?.pid || moved.began !== stale.began)) await linked(aside, path);
  await rm(aside, { force: true });
}

async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    const { pid, began } = JSON.parse(await readFile(path, 'utf8')) as Partial<Holder>;
    return Number.isInteger(pid) && typeof began === 'string' ? { pid: Number(pid), began } : undefined;
  } catch {
    return undefined;
  }
}

async function isAlive(holder: Holder): Promise<boolean> {
  return (await beganAt(holder.pid)) === holder.began;
}

/** Linux: boot and start time in clock ticks (proc_pid_stat(5), field 22). Elsewhere what `ps` says. */
async function beganAt(pid: number): Promise<string | undefined> {
  try {
    if (process.platform !== 'linux') {
      return (await promisify(execFile)('ps', ['-o', 'lstart=', '-p', String(pid)])).stdout.trim();
    }
    const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).replace(/^.*\) /s, '').split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    return `${(await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim()} ${fields[19]}`;
  } catch {
    return undefined;
  }
}
