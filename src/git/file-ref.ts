// A ref of some repository that holds small files, one commit a change: read whole, and pushed to, fast-forward only.
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UnreachableError } from '../lib/errors.ts';
import { GitError, runGit } from './command.ts';
import { gitConfiguration } from './configuration.ts';
import {
  type GitCredentials,
  type GitEnvironment,
  localEnvironment,
  withCredentials,
} from './environment.ts';
import { commitFile, type FileChange, readHistory, resolvedCommit } from './file-commit.ts';
import { isAncestor } from './history.ts';
import { createRepository, isRepository, makeFolder, writeConfig } from './mirror-folder.ts';
import { withinSize } from './mirror-size.ts';
import { type ObjectStore, readObjects } from './objects.ts';
import { type Remote, remoteOf } from './remote.ts';
import type { GitSource } from './source.ts';

export interface FileRefOptions {
  source: GitSource;
  /** The whole name, `refs/halyard/checkpoints` say. */
  ref: string;
  /** Where a copy of the ref's history is kept. */
  stateFolder: string;
  credentials?: GitCredentials;
  /** Usually `process.env`. */
  inherited: NodeJS.ProcessEnv;
}

const DEADLINE_MS = 60_000;
const WRITES_BETWEEN_CLEANING = 500;
const MOST_BYTES = 1024 ** 3;
/** What we have pushed or seen, and what the repository had when it was last asked. */
const OURS = 'refs/halyard/ours';
const THEIRS = 'refs/halyard/theirs';
/** A repository on this machine receives in a process of ours: it runs no program that its configuration or its hooks name. */
const RECEIVER =
  'git -c core.hooksPath=/dev/null -c core.fsmonitor=false -c core.alternateRefsCommand=true -c receive.autogc=false receive-pack';

export class FileRef {
  readonly #options: FileRefOptions;
  readonly #folder: string;
  readonly #configFile: string;
  #tip: string | undefined;
  #writes = 0;

  constructor(options: FileRefOptions) {
    this.#options = options;
    const { source, ref, stateFolder } = options;
    const address = source.kind === 'url' ? source.url : source.path;
    const name = createHash('sha256').update(`${address}\0${ref}`).digest('hex').slice(0, 16);
    this.#folder = join(stateFolder, `${name}.ref.git`);
    this.#configFile = join(stateFolder, `${name}.ref.gitconfig`);
  }

  /** How the ref is called in messages. */
  get name(): string {
    return `${this.#options.ref} of ${this.#options.source.name}`;
  }

  /**
   * Asks the repository for the ref's history. What was seen of it once must still be there, unless it is gone altogether
   * or cut: then the next write brings all of it back. Throws UnreachableError, also where the ref was rewritten.
   */
  async fetch(signal?: AbortSignal): Promise<void> {
    try {
      await this.#fetchOnce(signal);
    } catch (error) {
      signal?.throwIfAborted();
      // Whoever was killed while git wrote leaves a lock behind.
      if (!(error instanceof GitError) || !/\.lock': File exists/.test(error.said))
        throw this.#unreachable(error);
      await rm(this.#folder, { recursive: true, force: true, maxRetries: 3 });
      await this.#fetchOnce(signal).catch((again: unknown) => {
        signal?.throwIfAborted();
        throw this.#unreachable(again);
      });
    }
  }

  /** A file as of the last fetch or write; undefined where it is not there. */
  async read(name: string, signal?: AbortSignal): Promise<string | undefined> {
    if (this.#tip === undefined) return undefined;
    const [file] = await readObjects(this.#store(signal), [`${this.#tip}:${name}`]);
    return file?.type === 'blob' ? file.content.toString('utf8') : undefined;
  }

  /** Every content that any file ever had up to the last fetch, each once, in no order. */
  async history(signal?: AbortSignal): Promise<string[]> {
    if (this.#tip === undefined) return [];
    return readHistory(this.#store(signal), this.#tip);
  }

  /** Commits a file on top of what was last fetched, and pushes it. Throws UnreachableError, also where someone else was faster. */
  async write(change: FileChange, signal?: AbortSignal): Promise<void> {
    const store = this.#store(signal);
    const remote = await this.#remote();
    try {
      const commit = await commitFile(store, this.#tip, change);
      await this.#push(remote, commit, signal);
      await runGit(['update-ref', OURS, commit], store);
      this.#tip = commit;
      if (++this.#writes % WRITES_BETWEEN_CLEANING === 0)
        await runGit(['gc', '--auto', '--quiet'], { ...store, deadlineMs: DEADLINE_MS });
    } catch (error) {
      signal?.throwIfAborted();
      throw this.#unreachable(error);
    }
  }

  async #fetchOnce(signal: AbortSignal | undefined): Promise<void> {
    await makeFolder(this.#options.stateFolder);
    const remote = await this.#remote();
    const environment = await this.#connected(remote);
    const { ref, source, stateFolder } = this.#options;
    const listed = await runGit(['ls-remote', '--', remote.address, 'HEAD', ref], {
      folder: stateFolder,
      environment,
      signal,
    });
    const heads = listed.split('\n').map((line) => line.split('\t'));
    const theirs = heads.find(([, name]) => name === ref)?.[0];
    if (!(await isRepository(this.#folder)))
      await createRepository(this.#folder, heads[0]?.[0] ?? '', this.#environment());
    const store = this.#store(signal);
    const ours = await resolvedCommit(store, OURS);
    if (theirs === undefined || theirs === ours) {
      this.#tip = ours;
      return;
    }
    const fetch = ['fetch', '--no-tags', '--no-write-fetch-head', '--no-recurse-submodules'];
    const folder = this.#folder;
    await withinSize({ folder, maxBytes: MOST_BYTES, name: source.name, signal }, (within) =>
      runGit([...fetch, '--', remote.address, `+${ref}:${THEIRS}`], {
        folder,
        environment,
        signal: within,
        deadlineMs: DEADLINE_MS,
      }),
    );
    this.#tip = await this.#newer(store, ours, await resolvedCommit(store, THEIRS));
  }

  async #newer(
    store: ObjectStore,
    ours: string | undefined,
    theirs: string | undefined,
  ): Promise<string | undefined> {
    if (theirs === undefined) return ours;
    if (ours !== undefined && ours !== theirs) {
      if (await isAncestor(store, theirs, ours)) return ours;
      if (!(await isAncestor(store, ours, theirs))) {
        throw new UnreachableError(
          'git',
          `${this.name} was rewritten: it no longer holds ${ours}, which was pushed there. That commit is kept in ${this.#folder}`,
        );
      }
    }
    await runGit(['update-ref', OURS, theirs], store);
    return theirs;
  }

  async #push(remote: Remote, commit: string, signal: AbortSignal | undefined): Promise<void> {
    const receiver = remote.folder === undefined ? [] : [`--receive-pack=${RECEIVER}`];
    await runGit(
      ['push', '--quiet', '--no-verify', ...receiver, '--', remote.address, `${commit}:${this.#options.ref}`],
      {
        folder: this.#folder,
        environment: await this.#connected(remote),
        signal,
        deadlineMs: DEADLINE_MS,
        namesReceiver: receiver.length > 0,
      },
    );
  }

  #remote(): Promise<Remote> {
    return remoteOf(this.#options.source, this.#options.stateFolder);
  }

  async #connected(remote: Remote): Promise<GitEnvironment> {
    const safeFolders = [...remote.owned, this.#folder];
    await writeConfig(this.#configFile, gitConfiguration({ safeFolders }));
    const { source, credentials = {} } = this.#options;
    return withCredentials(
      this.#environment(remote.folder),
      credentials,
      source.kind === 'url' ? source : {},
    );
  }

  #store(signal: AbortSignal | undefined): ObjectStore {
    return { folder: this.#folder, environment: this.#environment(), signal };
  }

  #environment(remoteFolder = this.#folder): GitEnvironment {
    const { stateFolder, inherited } = this.#options;
    const ceilings = [stateFolder, dirname(stateFolder), dirname(remoteFolder)];
    return localEnvironment({ globalConfigFile: this.#configFile, ceilings, inherited });
  }

  #unreachable(cause: unknown): unknown {
    if (!(cause instanceof GitError)) return cause;
    return new UnreachableError('git', `${this.name} cannot be used: ${cause.message}`, { cause });
  }
}
