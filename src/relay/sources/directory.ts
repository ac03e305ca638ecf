// The source for local development: a folder of definitions, without git and without a database.
import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { snapshotOf } from '../../definitions/environments.ts';
import { type Loaded, loadDefinitions } from '../../definitions/load.ts';
import { readFolder } from '../../io/folder.ts';
import { Wake } from '../../io/wake.ts';
import { watchFolder } from '../../io/watch.ts';
import { UsageError } from '../../lib/errors.ts';
import type { Problem } from '../../model/problem.ts';
import type { Snapshot } from '../../model/snapshot.ts';
import { type Emit, faultOf, type Source, SourceError, type SourceNews } from '../source.ts';

/** Watchers miss things (network disks, swapped mounts), so the folder is looked at again after so long (invariant 9). */
const POLL_MS = 2_000;
/** A source that is silent for much longer is taken for lost. */
const MOST_REST_MS = 5_000;
/** What is saved at once (a checkout, an editor's "save all") is read at once. */
const SETTLE_MS = 30;

export interface DirectoryOptions {
  path: string;
  environment: string;
  project?: string | undefined;
  pollMs?: number;
  /** False where file events cannot be had; the poll alone then finds changes. */
  watches?: boolean;
}

/** Revisions count from 1 per start, and there is no commit. A folder that does not load keeps what was good. */
export class DirectorySource implements Source {
  readonly kind = 'directory';
  readonly #options: DirectoryOptions;
  readonly #wake = new Wake();
  /** What the folder's files looked like when they were last loaded. */
  #print: string | undefined;
  /** What to say while the files look the same. */
  #standing: SourceNews = { type: 'current' };
  #loaded: Loaded | undefined;
  #last: Snapshot | undefined;

  constructor(options: DirectoryOptions) {
    this.#options = options;
  }

  wake(): void {
    this.#wake.ring();
  }

  async run(emit: Emit, signal: AbortSignal): Promise<void> {
    const { path, pollMs = POLL_MS, watches = true } = this.#options;
    await using _watcher = watches ? watchFolder(path, () => this.wake()) : undefined;
    while (!signal.aborted) {
      const started = performance.now();
      await emit(await this.#look());
      // A huge folder is looked at less often, so that an idle relay stays idle.
      const longMs = Math.min(MOST_REST_MS, 20 * (performance.now() - started));
      const restMs = Math.max(pollMs, longMs);
      if (await this.#wake.heard(restMs, signal)) await sleep(SETTLE_MS);
    }
  }

  async #look(): Promise<SourceNews> {
    try {
      const print = await this.#fingerprint();
      if (print === this.#print) return this.#standing;
      this.#print = undefined;
      const files = await readFolder(this.#options.path, { followLinks: true });
      const news = this.#load(files);
      this.#standing = news.type === 'snapshot' ? { type: 'current' } : news;
      this.#print = print;
      return news;
    } catch (error) {
      if (error instanceof SourceError || error instanceof UsageError)
        return { type: 'fault', fault: faultOf(error) };
      throw error;
    }
  }

  #load(files: Awaited<ReturnType<typeof readFolder>>): SourceNews {
    this.#loaded = loadDefinitions(files, this.#loaded);
    const { definitions, problems } = this.#loaded;
    if (!definitions) {
      return {
        type: 'fault',
        fault: { code: 'definitions', message: wordsFor(problems, this.#options.path) },
      };
    }
    const snapshot = this.#snapshotOf(definitions);
    if (snapshot.digest === this.#last?.digest) return { type: 'current' };
    this.#last = snapshot;
    return { type: 'snapshot', snapshot };
  }

  #snapshotOf(definitions: NonNullable<Loaded['definitions']>): Snapshot {
    const { path, environment, project } = this.#options;
    const { project: name } = definitions.project;
    if (project !== undefined && project !== name) {
      throw new SourceError('project', `${path} holds the project ${name}, not ${project}`);
    }
    return snapshotOf(definitions, environment, (this.#last?.revision ?? 0) + 1);
  }

  /** Names, sizes and times of all files, through links. Throws where the folder is not there. */
  async #fingerprint(): Promise<string> {
    const { path } = this.#options;
    const lines: string[] = [];
    try {
      await collect(path, lines);
    } catch (error) {
      const reason = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'is not there' : 'cannot be read';
      throw new SourceError('folder', `the folder ${path} ${reason}`, { cause: error });
    }
    return lines.sort().join('\n');
  }
}

function wordsFor(problems: readonly Problem[], folder: string): string {
  const errors = problems.filter(({ severity }) => severity === 'error');
  const shown = errors.slice(0, 5).map(({ file, line, column, code, message }) => {
    return `${join(folder, file)}:${line}:${column} ${code}: ${message}`;
  });
  const more = errors.length > shown.length ? [`and ${errors.length - shown.length} more`] : [];
  return [...shown, ...more].join('; ');
}

/** Looks into each folder once: links can lead to one by ever more ways. */
async function collect(root: string, lines: string[]): Promise<void> {
  const folders = [root];
  const seen = new Set([(await statOf(root)).id]);
  for (const folder of folders) {
    const entries = await readdir(folder, { withFileTypes: true }).catch((error) => {
      if (folder !== root && error.code === 'ENOENT') return [];
      throw error;
    });
    // One after the other, since calls are answered in between.
    for (const entry of entries) {
      const path = join(folder, entry.name);
      const id = await collectEntry(path, entry, lines);
      if (id === undefined || seen.has(id)) continue;
      seen.add(id);
      folders.push(path);
    }
  }
}

/** Resolves with which folder it is, where it is one. */
async function collectEntry(path: string, entry: Dirent, lines: string[]): Promise<string | undefined> {
  // Git's own, and Kubernetes' versions of a mount, whose files are met through links. What `readFolder` reads is watched.
  if (entry.name === '.git' || entry.name.startsWith('..')) return undefined;
  try {
    const { size, mtimeMs, ctimeMs, id, isDir } = await statOf(path);
    lines.push(`${path} ${isDir ? id : `${size} ${mtimeMs} ${ctimeMs} ${id}`}`);
    return isDir ? id : undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // A link that leads to itself leads nowhere either.
    if (code !== 'ENOENT' && code !== 'ELOOP') throw error;
    lines.push(`${path} gone`);
    return undefined;
  }
}

async function statOf(path: string) {
  const found = await stat(path);
  return { ...found, id: `${found.dev}:${found.ino}`, isDir: found.isDirectory() };
}
