// A spool's folder: one relay owns it, each of its processes has a folder within, and takes over what a dead one has left.
import { mkdir, open, readdir, readFile, rename, rm, rmdir, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { takeLock } from '../../io/lock-file.ts';
import { UsageError } from '../../lib/errors.ts';
import { endOfWritten, SEGMENT_HEAD } from './segment.ts';

const LOCK = 'lock';
const SEGMENT = /^\d{16}\.events$/;
/** Each process of a relay has one; some are those of processes that are ending. */
const MOST_FOLDERS = 1_024;

export interface SegmentFile {
  path: string;
  bytes: number;
  /** When it was written last, in epoch milliseconds. */
  writtenAtMs: number;
}

/** Makes the folder this relay's until it is given back. Throws a UsageError where another one has it. */
export async function claimSpool(folder: string): Promise<AsyncDisposable | undefined> {
  let lock: Awaited<ReturnType<typeof takeLock>>;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    lock = await takeLock(join(folder, LOCK));
  } catch {
    // What is wrong with the disk is told while the relay answers.
    return undefined;
  }
  if (!('heldBy' in lock)) return lock;
  throw new UsageError(
    `--spool ${folder} is in use by process ${lock.heldBy}. Each relay needs a folder of its own.`,
  );
}

/** The folder of one process. */
export class OwnFolder {
  readonly path: string;
  readonly #spool: string;
  readonly #lock: AsyncDisposable;
  /** From which nothing can be taken over. */
  readonly #faulty = new Set<string>();
  #lastNumber = 0;

  private constructor(spool: string, path: string, lock: AsyncDisposable) {
    this.#spool = spool;
    this.path = path;
    this.#lock = lock;
  }

  /** Takes the first folder that no living process has. Rejects where the disk refuses. */
  static async take(spool: string): Promise<OwnFolder> {
    for (let number = 1; number <= MOST_FOLDERS; number++) {
      const path = join(spool, String(number));
      await mkdir(path, { recursive: true, mode: 0o700 });
      const lock = await takeLock(join(path, LOCK));
      if (!('heldBy' in lock)) return new OwnFolder(spool, path, lock);
    }
    throw new Error(`${spool} holds ${MOST_FOLDERS} folders in use`);
  }

  /** The files in it, the oldest first. */
  async segments(): Promise<SegmentFile[]> {
    const found = await segmentsIn(this.path);
    this.#lastNumber = Math.max(this.#lastNumber, Number(found.at(-1)?.name.slice(0, 16) ?? 0));
    return withoutTornEnd(found);
  }

  /** Where the next file goes. */
  nextPath(): string {
    return join(this.path, `${String(++this.#lastNumber).padStart(16, '0')}.events`);
  }

  /** Makes what was made, moved or removed in it last. */
  sync(): Promise<void> {
    return syncFolder(this.path);
  }

  /**
   * Moves the files of processes that are dead into this folder, and hands each over. Call `segments` before that.
   * @param onFault called once for each folder from which they cannot be taken
   */
  async adopt(take: (file: SegmentFile) => void, onFault: (error: unknown) => void): Promise<void> {
    for (const name of await readdir(this.#spool)) {
      const other = join(this.#spool, name);
      if (!/^\d+$/.test(name) || other === this.path) continue;
      await this.#adoptFrom(other, take).catch((error) => {
        if (!this.#faulty.has(name)) onFault(error);
        this.#faulty.add(name);
      });
    }
  }

  async release(): Promise<void> {
    await this.#lock[Symbol.asyncDispose]();
    // Not where something was left in it.
    await rmdir(this.path).catch(() => undefined);
  }

  async #adoptFrom(other: string, take: (file: SegmentFile) => void): Promise<void> {
    if ((await segmentsIn(other)).length === 0) return;
    const lock = await takeLock(join(other, LOCK));
    if ('heldBy' in lock) return;
    try {
      for (const { path, ...file } of await withoutTornEnd(await segmentsIn(other))) {
        const here = this.nextPath();
        await rename(path, here);
        take({ path: here, ...file });
      }
      await this.sync();
      await syncFolder(other);
    } finally {
      await lock[Symbol.asyncDispose]();
    }
    await rmdir(other).catch(() => undefined);
  }
}

async function segmentsIn(folder: string): Promise<(SegmentFile & { name: string })[]> {
  const names = (await readdir(folder)).filter((name) => SEGMENT.test(name)).sort();
  return Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      const { size, mtimeMs } = await stat(path);
      return { name, path, bytes: size, writtenAtMs: mtimeMs };
    }),
  );
}

/**
 * Cuts off what a killed process was writing when it ended, which nobody was told is kept. It can only be the end of the
 * last file.
 */
async function withoutTornEnd(segments: readonly SegmentFile[]): Promise<SegmentFile[]> {
  const whole = segments.slice(0, -1);
  const last = segments.at(-1);
  if (!last) return whole;
  const { path } = last;
  const end = endOfWritten(await readFile(path));
  if (end <= SEGMENT_HEAD.length) {
    await rm(path);
    return whole;
  }
  if (end < last.bytes) await truncate(path, end);
  return [...whole, { ...last, bytes: end }];
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
