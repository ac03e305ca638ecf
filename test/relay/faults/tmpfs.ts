// A small disk of its own that can be filled up: a tmpfs, which is unmounted whatever happens.
import { execFile } from 'node:child_process';
import { mkdtemp, open, realpath, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export class Tmpfs implements AsyncDisposable {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** @param size as mount takes it, `16m` say */
  static async mount(size: string): Promise<Tmpfs> {
    const folder = await mkdtemp(join(await realpath(tmpdir()), 'halyard-disk-'));
    await run('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=0711`, 'halyard-faults', folder]);
    return new Tmpfs(folder);
  }

  /** Fills the disk to the last byte but so many. */
  async fill(freeBytes = 0): Promise<void> {
    const file = await open(join(this.folder, 'filler'), 'w');
    try {
      for (let block = 1 << 20; block >= 4_096; block >>= 2) await fillWith(file, Buffer.alloc(block));
      if (freeBytes > 0) await file.truncate(Math.max(0, (await file.stat()).size - freeBytes));
    } finally {
      await file.close();
    }
  }

  async empty(): Promise<void> {
    await rm(join(this.folder, 'filler'), { force: true });
  }

  /** Nothing can be written any more, or again. */
  async remount(how: 'ro' | 'rw'): Promise<void> {
    await run('mount', ['-o', `remount,${how}`, this.folder]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Lazily, so that a process which hangs on it keeps nobody.
    await run('umount', ['-l', this.folder]);
    await rmdir(this.folder);
  }
}

async function fillWith(file: Awaited<ReturnType<typeof open>>, block: Buffer): Promise<void> {
  try {
    for (;;) await file.writeFile(block);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}
