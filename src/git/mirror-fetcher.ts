// What a mirror asks of the repository that it is of: its branch, files that were left out, and objects by their names.
import type { Readers } from './cat-file.ts';
import { DEFAULT_DEADLINE_MS, GitError } from './command.ts';
import type { GitEnvironment } from './environment.ts';
import { FETCH_LIMITS, type FetchOptions, fetchBranch, fetchMissing, fetchObjects } from './fetch.ts';
import type { MirrorEnvironment, MirrorOptions } from './mirror-environment.ts';
import { copySkipList, createRepository, isRepository } from './mirror-folder.ts';
import { sizeOfPacks } from './mirror-size.ts';
import type { ObjectStore } from './objects.ts';
import { RefusedError } from './refusal.ts';
import { type Remote, remoteOf } from './remote.ts';

/** The repository as it is now, and the environment to talk to it in. */
export interface Connection {
  remote: Remote;
  environment: GitEnvironment;
}

export class MirrorFetcher {
  readonly #options: MirrorOptions;
  readonly #folder: string;
  readonly #environment: MirrorEnvironment;

  /** @param folder of the mirror */
  constructor(options: MirrorOptions, folder: string, environment: MirrorEnvironment) {
    this.#options = options;
    this.#folder = folder;
    this.#environment = environment;
  }

  /** Throws UnreachableError, and UsageError for an unreadable token. */
  async connect(): Promise<Connection> {
    const remote = await remoteOf(this.#options.source, this.#options.stateFolder);
    return { remote, environment: await this.#environment.toward(remote) };
  }

  /**
   * Brings the branch into a ref of the mirror, which is made where it is not there. Resolves to its head. Throws as `fetchBranch`.
   * @param head as the repository said it
   * @param withoutFiles a new mirror leaves files out until they are read
   * @param readers of the mirror, which have not looked at it since the last fetch
   */
  async branch(
    { remote, environment }: Connection,
    {
      head,
      ref,
      withoutFiles,
      readers,
    }: { head: string; ref: string; withoutFiles: boolean; readers: Readers },
    signal: AbortSignal | undefined,
  ): Promise<string> {
    const folder = this.#folder;
    const isNew = !(await isRepository(folder));
    if (isNew) await createRepository(folder, head, this.#environment.local());
    const { skipListFile, branch } = this.#options;
    if (skipListFile !== undefined) await copySkipList(skipListFile, folder);
    return fetchBranch(
      { ...this.#fetchOptions(environment, signal), readers },
      { address: remote.address, branch, ref },
      isNew && withoutFiles,
    );
  }

  /** Those of some trees' files that the mirror lacks. Throws as `fetchMissing`. */
  missing(
    { remote, environment }: Connection,
    store: ObjectStore,
    wanted: { trees: readonly string[]; blobs: readonly string[] },
  ): Promise<void> {
    const options = this.#fetchOptions(environment, store.signal);
    return fetchMissing(options, store.environment, wanted, remote.address);
  }

  /**
   * Objects by their names. Throws GitError where they are at fault, since the repository answers, and UnreachableError where
   * it does not.
   * @param moreBytes how much the mirror may grow by them, within its own limit
   */
  async named(
    objects: readonly string[],
    { withoutFiles, moreBytes }: { withoutFiles: boolean; moreBytes: number },
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { remote, environment } = await this.connect();
    const wanted = { address: remote.address, objects, withoutFiles };
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
}
