// Our own bare mirror of one branch: fetched, never checked out, and thrown away and made again when it is broken.
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UnreachableError } from '../lib/errors.ts';
import { type ApprovalBlob, ApprovalReader, type ApprovalRef, refsOfTree } from './approval-refs.ts';
import { CatFile, type Mode, type Place } from './cat-file.ts';
import { DEFAULT_DEADLINE_MS, GitError, runGit } from './command.ts';
import type { GitEnvironment } from './environment.ts';
import {
  FETCH_LIMITS,
  type FetchOptions,
  fetchBranch,
  fetchMissing,
  fetchObjects,
  isRefusal,
} from './fetch.ts';
import { hasCommit } from './history.ts';
import { MirrorEnvironment, type MirrorOptions } from './mirror-environment.ts';
import {
  copySkipList,
  createRepository,
  isMissingFolder,
  isRepository,
  isShallow,
  makeFolder,
} from './mirror-folder.ts';
import { sizeOfPacks } from './mirror-size.ts';
import type { ObjectStore } from './objects.ts';
import { Refusals, RefusedError } from './refusal.ts';
import { type Remote, remoteOf } from './remote.ts';

/** What is fetched to see who approves a commit is small. */
const APPROVALS_BYTES = 64 * 1024 * 1024;

export class Mirror {
  readonly #options: MirrorOptions;
  readonly #folder: string;
  readonly #environment: MirrorEnvironment;
  readonly #place: Place;
  readonly #refusals: Refusals;
  readonly #ref: string;
  /** Whether a new mirror leaves files out until they are read. From a path on this machine that saves nothing. */
  #isPartial: boolean;
  #head: string | undefined;
  /** As the repository had them when its head was last asked for. */
  #approvals: readonly ApprovalRef[] = [];
  readonly #approvalReader = new ApprovalReader();
  readonly #readers: Record<Mode, CatFile>;
  /** A command in the mirror failed since it was last found whole. */
  #suspect = false;
  /** It was made anew and has not worked since, so making it anew again would not help. */
  #rebuilt = false;

  constructor(options: MirrorOptions) {
    this.#options = options;
    const name = shortHash(options.source.kind === 'url' ? options.source.url : options.source.path);
    this.#folder = join(options.stateFolder, `${name}.git`);
    this.#environment = new MirrorEnvironment(options, this.#folder);
    this.#place = { folder: this.#folder, environment: this.#environment.local() };
    this.#readers = {
      '--batch': new CatFile(this.#place, '--batch'),
      '--batch-check': new CatFile(this.#place, '--batch-check'),
    };
    this.#refusals = new Refusals(options.source.name);
    this.#ref = `refs/halyard/head/${shortHash(options.branch)}`;
    this.#isPartial = options.source.kind === 'url';
  }

  /**
   * The branch's head as the repository has it now, whose history the mirror then holds.
   * Asks the repository each time, fetches only when the head has moved, or where history is missing.
   * Throws UnreachableError, and RefusedError where the repository holds what is not taken.
   */
  async fetchHead(signal?: AbortSignal): Promise<string> {
    this.#endReaders();
    await makeFolder(this.#options.stateFolder);
    const remote = await remoteOf(this.#options.source, this.#options.stateFolder);
    const environment = await this.#environment.toward(remote);
    const { head, approvals } = await remote.look(this.#options.branch, environment, signal);
    this.#approvals = approvals;
    const whole = !this.#suspect && (await isRepository(this.#folder)) && !(await isShallow(this.#folder));
    this.#refusals.throwIfKnown(head);
    if (head === this.#head && whole) return head;
    if (this.#suspect) await this.#rebuild();
    this.#head = await this.#fetch(remote, environment, head, signal);
    return this.#head;
  }

  /** Runs a question to the mirror. When git fails at it, the mirror is looked at with suspicion: the next fetch makes it anew. */
  async ask<T>(question: (store: ObjectStore) => Promise<T>, signal?: AbortSignal): Promise<T> {
    try {
      const answer = await question(this.#store(signal));
      this.#rebuilt = false;
      return answer;
    } catch (error) {
      if (error instanceof GitError || isMissingFolder(error)) this.#suspect = true;
      throw error;
    }
  }

  /** The approvals of a tree that the repository had when its head was last asked for. Throws UnreachableError. */
  approvalsOf(tree: string, signal?: AbortSignal): Promise<ApprovalBlob[]> {
    const refs = refsOfTree(this.#approvals, tree);
    const fetch = (objects: readonly string[]) => this.#fetchNamed(objects, signal, APPROVALS_BYTES);
    return refs.length === 0
      ? Promise.resolve([])
      : this.ask((store) => this.#approvalReader.read(store, refs, fetch), signal);
  }

  /** Whether the mirror has a commit, which is fetched if need be. False where the repository does not give it. Throws UnreachableError. */
  async fetchCommit(commit: string, signal?: AbortSignal): Promise<boolean> {
    if (await this.ask((store) => hasCommit(store, commit), signal)) return true;
    return this.#fetchNamed([commit], signal, APPROVALS_BYTES).then(
      () => true,
      (error: unknown) => {
        if (error instanceof GitError) return false;
        throw error;
      },
    );
  }

  /** Keeps a judged commit, and with it its history, whatever the branch does later; `instead` lets go of an older one. */
  async pin(commit: string, instead: string | undefined, signal?: AbortSignal): Promise<void> {
    const lines = [`update refs/halyard/judged/${commit} ${commit}`];
    if (instead !== undefined && instead !== commit) lines.push(`delete refs/halyard/judged/${instead}`);
    await this.ask(
      (store) => runGit(['update-ref', '--stdin'], { ...store, input: `${lines.join('\n')}\n` }),
      signal,
    );
  }

  #store(signal: AbortSignal | undefined): ObjectStore {
    const store = { ...this.#place, readers: this.#readers, signal };
    if (!this.#isPartial) return store;
    return { ...store, fetchMissing: (trees, blobs) => this.#fetchMissing(store, trees, blobs) };
  }

  /** A repository that refuses has its mirror made anew, whole, by the next fetch. */
  async #fetchMissing(store: ObjectStore, trees: readonly string[], blobs: readonly string[]): Promise<void> {
    const remote = await remoteOf(this.#options.source, this.#options.stateFolder);
    const environment = await this.#environment.toward(remote);
    try {
      const options = this.#fetchOptions(environment, store.signal);
      await fetchMissing(options, store.environment, { trees, blobs }, remote.address);
    } catch (error) {
      store.signal?.throwIfAborted();
      await this.#refuse(error, this.#head ?? '');
      if (!isRefusal(error)) throw this.#unreachable(error);
      this.#isPartial = false;
      throw error;
    }
  }

  /**
   * Throws GitError where the objects are at fault, since the repository answers, and UnreachableError where it does not.
   * @param moreBytes how much the mirror may grow by them, within its own limit
   */
  async #fetchNamed(
    objects: readonly string[],
    signal: AbortSignal | undefined,
    moreBytes: number,
  ): Promise<void> {
    const remote = await remoteOf(this.#options.source, this.#options.stateFolder);
    const environment = await this.#environment.toward(remote);
    const wanted = { address: remote.address, objects, withoutFiles: this.#isPartial };
    const options = this.#fetchOptions(environment, signal);
    const mirrorBytes = Math.min(options.limits.mirrorBytes, (await sizeOfPacks(this.#folder)) + moreBytes);
    try {
      await fetchObjects({ ...options, limits: { mirrorBytes, deadlineMs: DEFAULT_DEADLINE_MS } }, wanted);
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof RefusedError) throw new GitError('failed', error.message, 0, { cause: error });
      await remote.look(this.#options.branch, environment, signal);
      throw error;
    }
  }

  #fetchOptions(environment: GitEnvironment, signal: AbortSignal | undefined): FetchOptions {
    const { source, limits } = this.#options;
    const { name } = source;
    return { name, folder: this.#folder, environment, signal, limits: { ...FETCH_LIMITS, ...limits } };
  }

  /** Throws the repository's own fault, if it is one, and makes room where that is its size. */
  async #refuse(cause: unknown, head: string): Promise<void> {
    const error = this.#refusals.of(cause, head);
    if (!error) return;
    // What may be thrown away by now is thrown away with the mirror, so that only the branch itself can be too large.
    if (error.fault === 'size') await this.#remove();
    throw error;
  }

  async #fetch(
    remote: Remote,
    environment: GitEnvironment,
    head: string,
    signal?: AbortSignal,
  ): Promise<string> {
    try {
      return await this.#fetchOnce(remote, environment, head, signal);
    } catch (error) {
      signal?.throwIfAborted();
      await this.#refuse(error, head);
      if (this.#rebuilt || (error instanceof GitError && error.code === 'deadline'))
        throw this.#unreachable(error);
    }
    // The repository has just answered, so the mirror is at fault: another instance holds its locks, or it is broken.
    try {
      return await this.#fetchOnce(remote, environment, head, signal);
    } catch (error) {
      signal?.throwIfAborted();
      await this.#refuse(error, head);
    }
    await this.#rebuild();
    try {
      return await this.#fetchOnce(remote, environment, head, signal);
    } catch (error) {
      signal?.throwIfAborted();
      await this.#refuse(error, head);
      throw this.#unreachable(error);
    }
  }

  async #fetchOnce(
    remote: Remote,
    environment: GitEnvironment,
    head: string,
    signal?: AbortSignal,
  ): Promise<string> {
    const folder = this.#folder;
    const isNew = !(await isRepository(folder));
    if (isNew) await createRepository(folder, head, this.#environment.local());
    const { skipListFile } = this.#options;
    if (skipListFile !== undefined) await copySkipList(skipListFile, folder);
    return fetchBranch(
      this.#fetchOptions(environment, signal),
      { address: remote.address, branch: this.#options.branch, ref: this.#ref },
      isNew && this.#isPartial,
    );
  }

  async #rebuild(): Promise<void> {
    if (this.#rebuilt) return;
    await this.#remove();
    this.#rebuilt = true;
  }

  /** What reads the mirror knows the files that it had. */
  #endReaders(): void {
    for (const reader of Object.values(this.#readers)) reader.end();
  }

  async #remove(): Promise<void> {
    this.#endReaders();
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 3 });
    this.#suspect = false;
    this.#head = undefined;
  }

  #unreachable(cause: unknown): UnreachableError {
    const why = cause instanceof Error ? cause.message : String(cause);
    return new UnreachableError('git', `${this.#options.source.name} could not be fetched: ${why}`, {
      cause,
    });
  }
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
