// A PostgreSQL server as a process: found by its postmaster.pid, known for certain, and stopped with a deadline.
import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

/** What postmaster.pid says: https://www.postgresql.org/docs/18/storage-file-layout.html */
interface PostmasterFile {
  pid: number;
  ready: boolean;
}

export async function readPostmasterFile(dataFolder: string): Promise<PostmasterFile | undefined> {
  const text = await readFile(join(dataFolder, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  return Number.isInteger(pid) && pid > 1 ? { pid, ready: lines[7]?.trim() === 'ready' } : undefined;
}

/**
 * Stops the server that a killed process left on a data folder. A pid that is another program's by now, or a zombie's,
 * is not touched; its postmaster.pid is removed, because PostgreSQL would take that process for the server and not
 * start. That two servers never share the data, PostgreSQL makes sure by its shared memory too.
 */
export async function stopOrphan(dataFolder: string): Promise<void> {
  const file = await readPostmasterFile(dataFolder);
  if (!file) return;
  if (await isPostmasterOf(file.pid, dataFolder)) await stopPostmaster(file.pid, dataFolder);
  await rm(join(dataFolder, 'postmaster.pid'), { force: true });
}

/** Stops a server: fast shutdown, and where that takes too long, immediate shutdown, then kill. */
export async function stopPostmaster(pid: number, dataFolder: string): Promise<void> {
  for (const [signal, patienceMs] of STOP_STEPS) {
    if (!(await isPostmasterOf(pid, dataFolder))) return;
    sendSignal(pid, signal);
    const deadline = Date.now() + patienceMs;
    while (Date.now() < deadline) {
      if (!(await isPostmasterOf(pid, dataFolder))) return;
      await delay(15);
    }
  }
  throw new Error(`PostgreSQL (process ${pid}) does not end, not even by SIGKILL`);
}

/** SIGINT is PostgreSQL's fast shutdown (with a checkpoint), SIGQUIT its immediate one (recovery at the next start). */
const STOP_STEPS = [
  ['SIGINT', 2_500],
  ['SIGQUIT', 1_000],
  ['SIGKILL', 1_000],
] as const;

async function isPostmasterOf(pid: number, dataFolder: string): Promise<boolean> {
  const words = await commandLine(pid);
  const at = words.indexOf('-D');
  return at > 0 && words[at + 1] === dataFolder;
}

/** A process's command line; empty where it is gone, a zombie, or not ours to see. */
async function commandLine(pid: number): Promise<string[]> {
  if (process.platform === 'linux') {
    const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    return text.split('\0');
  }
  const listed = await promisify(execFile)('ps', ['-ww', '-o', 'command=', '-p', String(pid)]).catch(
    () => undefined,
  );
  return listed?.stdout.trim().split(' ') ?? [];
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
