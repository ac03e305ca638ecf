// Our own bare mirror of one branch: fetched, never checked out, and thrown away and made again when it is broken.
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UnreachableError } from '../lib/errors.ts';
import { type ApprovalBlob, ApprovalReader, type ApprovalRef, refsOfTree } from './approval-refs.ts';
import { type Place, type Readers, readersOf } from './cat-file.ts';
import { GitError, runGit } from './command.ts';
import { isRefusal } from './fetch.ts';
import { hasCommit } from './history.ts';
import { MirrorEnvironment, type MirrorOptions } from './mirror-environment.ts';
import { type Connection, MirrorFetcher } from './mirror-fetcher.ts';
import { isMissingFolder, isRepository, isShallow, makeFolder } from './mirror-folder.ts';
import type { ObjectStore } from './objects.ts';
import { Refusals } from './refusal.ts';

/** What is fetched to see who approves a commit is small. */
const APPROVALS_BYTES = 64 * 1024 * 1024;
/** The last one is into a mirror that is made anew. */
const FETCH_ATTEMPTS = 3;

export class Mirror {
  readonly #options: MirrorOptions;
  readonly #folder: string;
  readonly #fetcher: MirrorFetcher;
  readonly #place: Place;
  readonly #refusals: Refusals;
  readonly #ref: string;
  /** Whether a new mirror leaves files out until they are read. From a path on this machine that saves nothing. */
  #isPartial: boolean;
  #head: string | undefined;
  /** As the repository had them when its head was last asked for. */
  #approvals: readonly ApprovalRef[] = [];
  readonly #approvalReader = new ApprovalReader();
  readonly #readers: Readers;
  /** A command in the mirror failed since it was last found whole. */
  #suspect = false;
  /** It was made anew and has not worked since, so making it anew again would not help. */
  #rebuilt = false;

  constructor(options: MirrorOptions) {
    this.#options = options;
    const name = shortHash(options.source.kind === 'url' ? options.source.url : options.source.path);
    this.#folder = join(options.stateFolder, `${name}.git`);
    const environment = new MirrorEnvironment(options, this.#folder);
    this.#fetcher = new MirrorFetcher(options, this.#folder, environment);
    this.#place = { folder: this.#folder, environment: environment.local() };
    this.#readers = readersOf(this.#place);
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
    const connection = await this.#fetcher.connect();
    const { remote, environment } = connection;
    const { head, approvals } = await remote.look(this.#options.branch, environment, signal);
    this.#approvals = approvals;
    const whole = !this.#suspect && (await isRepository(this.#folder)) && !(await isShallow(this.#folder));
    this.#refusals.throwIfKnown(head);
    if (head === this.#head && whole) return head;
    if (this.#suspect) await this.#rebuild();
    this.#head = await this.#fetch(connection, head, signal);
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
      : this.ask((store) => this.#approvalReader.read(store, refs, fetch), signal);
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
    const store = { ...this.#place, readers: this.#readers, signal };
    if (!this.#isPartial) return store;
    return { ...store, fetchMissing: (trees, blobs) => this.#fetchMissing(store, trees, blobs) };
  }

  /** A repository that refuses has its mirror made anew, whole, by the next fetch. */
  async #fetchMissing(store: ObjectStore, trees: readonly string[], blobs: readonly string[]): Promise<void> {
    const connection = await this.#fetcher.connect();
    try {
      await this.#fetcher.missing(connection, store, { trees, blobs });
    } catch (error) {
      store.signal?.throwIfAborted();
      await this.#refuse(error, this.#head ?? '');
      if (!isRefusal(error)) throw this.#unreachable(error);
      this.#isPartial = false;
      throw error;
    }
  }

  #fetchNamed(objects: readonly string[], signal: AbortSignal | undefined): Promise<void> {
    const options = { withoutFiles: this.#isPartial, moreBytes: APPROVALS_BYTES };
    return this.#fetcher.named(objects, options, signal);
  }

  /** Throws the repository's own fault, if it is one, and makes room where that is its size. */
  async #refuse(cause: unknown, head: string): Promise<void> {
    const error = this.#refusals.of(cause, head);
    if (!error) return;
    // What may be thrown away by now is thrown away with the mirror, so that only the branch itself can be too large.
    if (error.fault === 'size') await this.#remove();
    throw error;
  }

  async #fetch(connection: Connection, head: string, signal?: AbortSignal): Promise<string> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const wanted = { head, ref: this.#ref, withoutFiles: this.#isPartial, readers: this.#readers };
        return await this.#fetcher.branch(connection, wanted, signal);
      } catch (error) {
        signal?.throwIfAborted();
        await this.#refuse(error, head);
        const isHopeless = this.#rebuilt || (error instanceof GitError && error.code === 'deadline');
        if (attempt === FETCH_ATTEMPTS || (attempt === 1 && isHopeless)) throw this.#unreachable(error);
      }
      // The repository has just answered, so the mirror is at fault: another instance holds its locks, or it is broken.
      if (attempt === FETCH_ATTEMPTS - 1) await this.#rebuild();
    }
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
