// Our own bare mirror of one branch: fetched, never checked out, and thrown away and made again when it is broken.
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UnreachableError } from '../lib/errors.ts';
import { type ApprovalBlob, type ApprovalRef, readApprovals, refsOfTree } from './approval-refs.ts';
import { DEFAULT_DEADLINE_MS, GitError, runGit } from './command.ts';
import {
  type GitCredentials,
  type GitEnvironment,
  localEnvironment,
  withCredentials,
} from './environment.ts';
import { fetchBranch, fetchMissing, fetchObjects, isRefusal } from './fetch.ts';
import { hasCommit } from './history.ts';
import {
  createRepository,
  isMissingFolder,
  isRepository,
  isShallow,
  makeFolder,
  writeConfig,
} from './mirror-folder.ts';
import type { ObjectStore } from './objects.ts';
import { globalConfig, type Remote, remoteOf } from './remote.ts';
import type { GitSource } from './source.ts';

export interface MirrorOptions {
  source: GitSource;
  /** A branch's name, or `HEAD` for whatever the repository has checked out. */
  branch: string;
  /** Where mirrors live; one folder and one configuration file a repository. */
  stateFolder: string;
  credentials?: GitCredentials;
  /** Usually `process.env`. */
  inherited: NodeJS.ProcessEnv;
}

export class Mirror {
  readonly #options: MirrorOptions;
  readonly #folder: string;
  readonly #configFile: string;
  readonly #ref: string;
  /** Whether a new mirror leaves files out until they are read. From a path on this machine that saves nothing. */
  #isPartial: boolean;
  #head: string | undefined;
  /** As the repository had them when its head was last asked for. */
  #approvals: readonly ApprovalRef[] = [];
  /** A command in the mirror failed since it was last found whole. */
  #suspect = false;
  /** It was made anew and has not worked since, so making it anew again would not help. */
  #rebuilt = false;

  constructor(options: MirrorOptions) {
    this.#options = options;
    const name = shortHash(options.source.kind === 'url' ? options.source.url : options.source.path);
    this.#folder = join(options.stateFolder, `${name}.git`);
    this.#configFile = join(options.stateFolder, `${name}.gitconfig`);
    this.#ref = `refs/halyard/head/${shortHash(options.branch)}`;
    this.#isPartial = options.source.kind === 'url';
  }

  /**
   * The branch's head as the repository has it now, whose history the mirror then holds.
   * Asks the repository each time, fetches only when the head has moved, or where history is missing. Throws UnreachableError.
   */
  async fetchHead(signal?: AbortSignal): Promise<string> {
    await makeFolder(this.#options.stateFolder);
    const remote = await remoteOf(this.#options.source, this.#options.stateFolder);
    const environment = await this.#prepare(remote);
    const { head, approvals } = await remote.look(this.#options.branch, environment, signal);
    this.#approvals = approvals;
    const whole = !this.#suspect && (await isRepository(this.#folder)) && !(await isShallow(this.#folder));
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
    const fetch = (objects: readonly string[]) => this.#fetchNamed(objects, signal);
    return refs.length === 0
      ? Promise.resolve([])
      : this.ask((store) => readApprovals(store, refs, fetch), signal);
  }

  /** Whether the mirror has a commit, which is fetched if need be. False where the repository does not give it. Throws UnreachableError. */
  async fetchCommit(commit: string, signal?: AbortSignal): Promise<boolean> {
    if (await this.ask((store) => hasCommit(store, commit), signal)) return true;
    return this.#fetchNamed([commit], signal).then(
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
    const store = { folder: this.#folder, environment: this.#environment(), signal };
    if (!this.#isPartial) return store;
    return { ...store, fetchMissing: (tree, blobs) => this.#fetchMissing(store, tree, blobs) };
  }

  /** A repository that refuses has its mirror made anew, whole, by the next fetch. */
  async #fetchMissing(store: ObjectStore, tree: string, blobs: readonly string[]): Promise<void> {
    const remote = await remoteOf(this.#options.source, this.#options.stateFolder);
    const environment = await this.#prepare(remote);
    try {
      await fetchMissing(store, { tree, blobs }, { address: remote.address, environment });
    } catch (error) {
      store.signal?.throwIfAborted();
      if (!isRefusal(error)) throw this.#unreachable(error);
      this.#isPartial = false;
      throw error;
    }
  }

  /** Throws GitError where the objects are at fault, since the repository answers, and UnreachableError where it does not. */
  async #fetchNamed(objects: readonly string[], signal?: AbortSignal): Promise<void> {
    const remote = await remoteOf(this.#options.source, this.#options.stateFolder);
    const environment = await this.#prepare(remote);
    const wanted = { address: remote.address, objects, withoutFiles: this.#isPartial };
    try {
      await fetchObjects({ folder: this.#folder, environment, signal }, wanted, DEFAULT_DEADLINE_MS);
    } catch (error) {
      signal?.throwIfAborted();
      await remote.look(this.#options.branch, environment, signal);
      throw error;
    }
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
      if (this.#rebuilt || (error instanceof GitError && error.code === 'deadline'))
        throw this.#unreachable(error);
    }
    // The repository has just answered, so the mirror is at fault: another instance holds its locks, or it is broken.
    try {
      return await this.#fetchOnce(remote, environment, head, signal);
    } catch {
      signal?.throwIfAborted();
    }
    await this.#rebuild();
    try {
      return await this.#fetchOnce(remote, environment, head, signal);
    } catch (error) {
      signal?.throwIfAborted();
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
    if (isNew) await createRepository(folder, head, this.#environment());
    return fetchBranch(
      { folder, environment, signal },
      { address: remote.address, branch: this.#options.branch, ref: this.#ref },
      isNew && this.#isPartial,
    );
  }

  async #rebuild(): Promise<void> {
    if (this.#rebuilt) return;
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 3 });
    this.#suspect = false;
    this.#rebuilt = true;
    this.#head = undefined;
  }

  async #prepare(remote: Remote): Promise<GitEnvironment> {
    await writeConfig(this.#configFile, globalConfig([...remote.owned, this.#folder]));
    const { source, credentials } = this.#options;
    const environment = this.#environment(remote.folder);
    return withCredentials(environment, credentials ?? {}, source.kind === 'url' ? source : {});
  }

  /** A folder of ours that is broken must never make git look further up, where someone else's repository may be. */
  #environment(remoteFolder = this.#folder): GitEnvironment {
    const { stateFolder, inherited } = this.#options;
    const ceilings = [stateFolder, dirname(stateFolder), dirname(remoteFolder)];
    return localEnvironment({ globalConfigFile: this.#configFile, ceilings, inherited });
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
