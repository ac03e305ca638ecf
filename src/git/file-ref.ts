// A ref of some repository that holds small files, one commit a change: read whole, and pushed to, fast-forward only.
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UnreachableError } from '../lib/errors.ts';
import { GitError, runGit } from './command.ts';
import type { GitCredentials, GitEnvironment } from './environment.ts';
import {
  commitFile,
  type FileChange,
  newerCommit,
  readFileOf,
  readHistory,
  resolvedCommit,
} from './file-commit.ts';
import { MirrorEnvironment } from './mirror-environment.ts';
import { createRepository, isRepository, makeFolder } from './mirror-folder.ts';
import { withinSize } from './mirror-size.ts';
import type { ObjectStore } from './objects.ts';
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
const LOCKED_ATTEMPTS = 3;
const LOCK_PATIENCE_MS = 300;
const MOST_BYTES = 1024 ** 3;
/** What we have pushed or seen, and what the repository had when it was last asked. */
const OURS = 'refs/halyard/ours';
const THEIRS = 'refs/halyard/theirs';
/** A repository on this machine receives in a process of ours: it runs no program that its configuration or its hooks name. */
const RECEIVER =
  'git -c core.hooksPath=/dev/null -c core.fsmonitor=false -c core.alternateRefsCommand=true -c receive.autogc=false receive-pack';

/** What was seen of the ref is no longer in its history. */
export class RewrittenRefError extends UnreachableError {
  override name = 'RewrittenRefError';

  constructor(ref: string, lost: string, copy: string) {
    super(
      'git',
      `${ref} was rewritten: it no longer holds ${lost}, which was pushed there. That commit is kept in ${copy}`,
    );
  }
}

export class FileRef {
  readonly #options: FileRefOptions;
  readonly #folder: string;
  readonly #environment: MirrorEnvironment;
  #tip: string | undefined;
  #writes = 0;

  constructor(options: FileRefOptions) {
    this.#options = options;
    const { source, ref, stateFolder } = options;
    const address = source.kind === 'url' ? source.url : source.path;
    const name = createHash('sha256').update(`${address}\0${ref}`).digest('hex').slice(0, 16);
    this.#folder = join(stateFolder, `${name}.ref.git`);
    this.#environment = new MirrorEnvironment(options, this.#folder);
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
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#fetchOnce(signal);
      } catch (error) {
        signal?.throwIfAborted();
        const isLocked = error instanceof GitError && /\.lock': File exists/.test(error.said);
        if (!isLocked || attempt > LOCKED_ATTEMPTS) throw this.#unreachable(error);
        // Another process is at work for a moment, or one was killed while git wrote and has left its lock for good.
        if (attempt < LOCKED_ATTEMPTS) await sleep(LOCK_PATIENCE_MS, undefined, signal && { signal });
        else await rm(this.#folder, { recursive: true, force: true, maxRetries: 3 });
      }
    }
  }

  /** A file as of the last fetch or write; undefined where it is not there. */
  async read(name: string, signal?: AbortSignal): Promise<string | undefined> {
    if (this.#tip === undefined) return undefined;
    return readFileOf(this.#store(signal), this.#tip, name);
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
    const environment = await this.#environment.toward(remote);
    const { theirs, anyCommit } = await this.#ask(remote, environment, signal);
    const folder = this.#folder;
    if (!(await isRepository(folder))) await createRepository(folder, anyCommit, this.#environment.local());
    const store = this.#store(signal);
    const ours = await resolvedCommit(store, OURS);
    this.#tip = ours;
    if (theirs === undefined || theirs === ours) return;
    const args = ['fetch', '--no-tags', '--no-write-fetch-head', '--no-recurse-submodules', '--'];
    args.push(remote.address, `+${this.#options.ref}:${THEIRS}`);
    const limits = { folder, maxBytes: MOST_BYTES, name: this.#options.source.name, signal };
    await withinSize(limits, (within) =>
      runGit(args, { folder, environment, signal: within, deadlineMs: DEADLINE_MS }),
    );
    const tip = await newerCommit(store, ours, (await resolvedCommit(store, THEIRS)) ?? theirs);
    if (tip === undefined) throw new RewrittenRefError(this.name, ours ?? '', folder);
    if (tip !== ours) await runGit(['update-ref', OURS, tip], store);
    this.#tip = tip;
  }

  /** Where the ref stands, and a commit that shows which kind of names the repository gives its objects. */
  async #ask(
    { address }: Remote,
    environment: GitEnvironment,
    signal: AbortSignal | undefined,
  ): Promise<{ theirs: string | undefined; anyCommit: string }> {
    const { ref, stateFolder: folder } = this.#options;
    const listed = await runGit(['ls-remote', '--', address, 'HEAD', ref], { folder, environment, signal });
    const heads = listed.split('\n').map((line) => line.split('\t'));
    return { theirs: heads.find(([, name]) => name === ref)?.[0], anyCommit: heads[0]?.[0] ?? '' };
  }

  async #push(remote: Remote, commit: string, signal: AbortSignal | undefined): Promise<void> {
    const receiver = remote.folder === undefined ? [] : [`--receive-pack=${RECEIVER}`];
    await runGit(
      ['push', '--quiet', '--no-verify', ...receiver, '--', remote.address, `${commit}:${this.#options.ref}`],
      {
        folder: this.#folder,
        environment: await this.#environment.toward(remote),
        signal,
        deadlineMs: DEADLINE_MS,
        namesReceiver: receiver.length > 0,
      },
    );
  }

  #remote(): Promise<Remote> {
    return remoteOf(this.#options.source, this.#options.stateFolder);
  }

  #store(signal: AbortSignal | undefined): ObjectStore {
    return { folder: this.#folder, environment: this.#environment.local(), signal };
  }

  #unreachable(cause: unknown): unknown {
    if (!(cause instanceof GitError)) return cause;
    return new UnreachableError('git', `${this.name} cannot be used: ${cause.message}`, { cause });
  }
}
