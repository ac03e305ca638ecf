// The last good snapshot on disk, so that a restart answers with everything else down. What is damaged is never served.
import { hash, randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Snapshot } from '../model/snapshot.ts';
import { snapshotText } from './snapshot-text.ts';

/** The first line of a file: the format's name and version, the digest of the rest, and its length in bytes. */
const HEAD = /^halyard-snapshot 1 ([0-9a-f]{64}) (\d+)\n/;

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
  #waiting: Snapshot | undefined;
  #writing: Promise<void> | undefined;

  /** @param project where it is not given, the folder's only project of that environment is taken */
  constructor(folder: string, environment: string, project?: string) {
    this.#folder = folder;
    this.#environment = environment;
    this.#project = project;
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

  /**
   * Writes a snapshot, after the one that is being written. If several wait, only the newest is written.
   * Rejects where the disk refuses.
   */
  save(snapshot: Snapshot): Promise<void> {
    this.#waiting = snapshot;
    this.#writing ??= this.#writeWaiting().finally(() => {
      this.#writing = undefined;
    });
    return this.#writing;
  }

  async #writeWaiting(): Promise<void> {
    while (this.#waiting) {
      const snapshot = this.#waiting;
      this.#waiting = undefined;
      await this.#write(snapshot);
    }
  }

  async #write(snapshot: Snapshot): Promise<void> {
    const body = Buffer.from(await snapshotText(snapshot));
    const path = join(this.#folder, nameOf(snapshot.project, snapshot.environment));
    const draft = `${path}.${randomBytes(6).toString('hex')}.draft`;
    // It may have vanished meanwhile.
    await makeFolder(this.#folder);
    try {
      await writeDurably(draft, `halyard-snapshot 1 ${hash('sha256', body)} ${body.length}\n`, body);
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
    let file: Buffer | undefined;
    try {
      file = await readFile(path).catch(ignoreMissing);
    } catch (error) {
      damaged.push(`${path} cannot be read: ${(error as Error).message}`);
    }
    if (!file) return undefined;
    const snapshot = parse(file);
    const fits =
      snapshot?.environment === this.#environment && [undefined, snapshot.project].includes(this.#project);
    if (snapshot && fits) return snapshot;
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

function parse(file: Buffer): Snapshot | undefined {
  const head = HEAD.exec(file.toString('latin1', 0, 120));
  if (!head) return undefined;
  const body = file.subarray(head[0].length);
  if (body.length !== Number(head[2]) || hash('sha256', body) !== head[1]) return undefined;
  return JSON.parse(body.toString('utf8')) as Snapshot;
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

async function writeDurably(path: string, ...parts: (string | Buffer)[]): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    for (const part of parts) await file.writeFile(part);
    await file.sync();
  } finally {
    await file.close();
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
