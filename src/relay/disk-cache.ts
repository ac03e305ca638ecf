// The last good snapshot on disk, so that a restart answers with everything else down. What is damaged is never served.
import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Snapshot } from '../model/snapshot.ts';
import { buildIdentity } from './build-identity.ts';
import { type CacheFile, readCacheFile, writeCacheFile } from './cache-file.ts';
import { LatestWrite } from './latest-write.ts';

export interface CacheLoad {
  /** Absent where there is no whole file. */
  snapshot?: Snapshot;
  /** Files that were there and were not served, with the reason. */
  damaged: string[];
}

/**
 * Keeps two generations of one environment's snapshot in a folder: `<project>@<environment>.snapshot`, and the one
 * before it under `….previous`. A folder belongs to one relay.
 */
export class DiskCache {
  readonly #folder: string;
  readonly #environment: string;
  readonly #project: string | undefined;
  /** A damaged newest file must not push out the good one before it. */
  #newestIsDamaged = false;
  readonly #proven = new WeakSet<Snapshot>();
  readonly #restMs: number;
  readonly #hurry = new AbortController();
  readonly #writes = new LatestWrite<Snapshot>(
    (snapshot) => this.#write(snapshot),
    () => this.#rest(),
  );

  /**
   * @param project where it is not given, the folder's only project of that environment is taken
   * @param restMs between two writes: of many changes in a row, some are passed over
   */
  constructor(folder: string, environment: string, project?: string, restMs = 0) {
    this.#folder = folder;
    this.#environment = environment;
    this.#project = project;
    this.#restMs = restMs;
  }

  /** Whether a snapshot was read from a file that this very build of Halyard wrote, which compiled it before that. */
  isProven(snapshot: Snapshot): boolean {
    return this.#proven.has(snapshot);
  }

  /** From now on nothing rests: what waits is written at once. */
  hurry(): void {
    this.#hurry.abort();
  }

  /** The newest whole snapshot. A folder that cannot be used counts among what is damaged. */
  async load(): Promise<CacheLoad> {
    const damaged: string[] = [];
    let name: string | undefined;
    try {
      await makeFolder(this.#folder);
      // A disk that takes nothing still gives what it has.
      await this.#removeDrafts().catch(() => undefined);
      name = await this.#findName(damaged);
    } catch (error) {
      damaged.push(`${this.#folder} cannot be used: ${(error as Error).message}`);
    }
    if (name === undefined) return { damaged };
    for (const path of [join(this.#folder, name), join(this.#folder, `${name}.previous`)]) {
      const snapshot = await this.#read(path, damaged);
      if (snapshot) return { snapshot, damaged };
      this.#newestIsDamaged = true;
    }
    return { damaged };
  }

  /** The generation before the newest one, for where that is whole and yet cannot be served. It is kept until a newer one is. */
  async loadPrevious(damaged: string[]): Promise<Snapshot | undefined> {
    if (this.#newestIsDamaged) return undefined;
    this.#newestIsDamaged = true;
    const name = await this.#findName([]).catch(() => undefined);
    return name === undefined ? undefined : this.#read(join(this.#folder, `${name}.previous`), damaged);
  }

  /** Writes a snapshot. See `LatestWrite`: if several wait, only the newest is written. Rejects where the disk refuses. */
  save(snapshot: Snapshot): Promise<void> {
    return this.#writes.save(snapshot);
  }

  async #rest(): Promise<void> {
    if (this.#restMs === 0) return;
    await sleep(this.#restMs, undefined, { signal: this.#hurry.signal, ref: false }).catch(() => undefined);
  }

  async #write(snapshot: Snapshot): Promise<void> {
    const path = join(this.#folder, nameOf(snapshot.project, snapshot.environment));
    const draft = `${path}.${randomBytes(6).toString('hex')}.draft`;
    // It may have vanished meanwhile.
    await makeFolder(this.#folder);
    try {
      await writeCacheFile(draft, snapshot, await buildIdentity());
      if (!this.#newestIsDamaged) await rename(path, `${path}.previous`).catch(ignoreMissing);
      await rename(draft, path);
      this.#newestIsDamaged = false;
    } finally {
      await rm(draft, { force: true });
    }
    await syncFolder(this.#folder);
  }

  /** Those of a relay that was killed while it wrote. */
  async #removeDrafts(): Promise<void> {
    const ending = /@([^@]*)\.(?:snapshot|witness)\.[0-9a-f]{12}\.draft$/;
    const files = await readdir(this.#folder);
    const drafts = files.filter((file) => ending.exec(file)?.[1] === encodeURIComponent(this.#environment));
    await Promise.all(drafts.map((file) => rm(join(this.#folder, file), { force: true })));
  }

  async #findName(damaged: string[]): Promise<string | undefined> {
    if (this.#project !== undefined) return nameOf(this.#project, this.#environment);
    const ending = nameOf('', this.#environment);
    const files = (await readdir(this.#folder)).map((file) => file.replace(/\.previous$/, ''));
    const names = [...new Set(files.filter((file) => file.endsWith(ending)))];
    if (names.length > 1) damaged.push(`${this.#folder} holds several projects; name one with --project`);
    return names.length === 1 ? names[0] : undefined;
  }

  async #read(path: string, damaged: string[]): Promise<Snapshot | undefined> {
    let found: CacheFile | undefined;
    try {
      const file = await readFile(path).catch(ignoreMissing);
      if (!file) return undefined;
      found = readCacheFile(file);
    } catch (error) {
      damaged.push(`${path} cannot be read: ${(error as Error).message}`);
      return undefined;
    }
    const { snapshot, writtenBy } = found ?? {};
    const fits =
      snapshot?.environment === this.#environment && [undefined, snapshot.project].includes(this.#project);
    if (snapshot && fits) {
      if (writtenBy === (await buildIdentity())) this.#proven.add(snapshot);
      return snapshot;
    }
    damaged.push(`${path} is ${snapshot ? 'of another environment' : 'damaged'}, so it is not served`);
    return undefined;
  }
}

function nameOf(project: string, environment: string): string {
  return `${stemOf(project, environment)}.snapshot`;
}

/** How all files of an environment begin. */
export function stemOf(project: string, environment: string): string {
  return `${encodeURIComponent(project)}@${encodeURIComponent(environment)}`;
}

/** As `mkdir -p`; Node's own never ends in a folder like /proc, which is there but takes nothing. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' || code === 'EISDIR') return;
    if (code !== 'ENOENT' || dirname(path) === path) throw error;
    await makeFolder(dirname(path));
    await mkdir(path, { mode: 0o700 });
  }
}

/** A rename lasts once the folder is on disk too. Windows cannot and need not. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined;
  throw error;
}
