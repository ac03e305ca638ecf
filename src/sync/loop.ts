// The loop of sync: trips without end, retried with backoff in this one place, and ended by a signal.

import { assertDurable } from '../db/durability.ts';
import { assertMigrated } from '../db/migrate.ts';
import { Pool } from '../db/pool.ts';
import { GitError } from '../git/command.ts';
import type { GitCredentials } from '../git/environment.ts';
import { Mirror } from '../git/mirror.ts';
import { parseGitSource } from '../git/source.ts';
import { backoffMs } from '../lib/backoff.ts';
import { UnreachableError, UsageError } from '../lib/errors.ts';
import { BaseMovedError } from './apply.ts';
import { Branch } from './branch.ts';
import type { SyncEvent, TripOutcome } from './event.ts';
import { Pause } from './pause.ts';
import { ProjectSync } from './project-sync.ts';
import { causeOf, SyncStatus } from './status.ts';

export interface SyncOptions {
  databaseUrl: string;
  /** A path on this machine, or a URL of https, ssh or file. */
  repo: string;
  /** Default `main`; `HEAD` follows whatever the repository has checked out. */
  branch?: string;
  /** Where in the repository the definitions are; default `flags`, `.` is the root. */
  path?: string;
  /** Where the mirror of the repository is kept between starts. */
  stateFolder: string;
  /** How long to wait between trips; default 2,000. */
  intervalMs?: number;
  credentials?: GitCredentials;
  /** Accept a rewritten history or another branch by itself, in this actor's name, with an entry that says so. */
  acceptHistoryAs?: string;
  /** Hears everything that happens, in order. Must not throw. */
  onEvent?: (event: SyncEvent) => void;
  /** The clock, in epoch milliseconds. */
  now?: () => number;
  /** A number in [0, 1), for the jitter of retries. */
  random?: () => number;
}

/** How long `runOnce` tries to reach git and PostgreSQL. */
export const ONCE_DEADLINE_MS = 30_000;
const LONGEST_BACKOFF_MS = 5_000;

/** Syncs until the signal is aborted. Throws UsageError for what trying again cannot mend. */
export async function runSync(options: SyncOptions, signal: AbortSignal): Promise<void> {
  await using sync = new Sync(options);
  await sync.run(signal);
}

export class Sync implements AsyncDisposable {
  readonly status: SyncStatus;
  readonly #pool: Pool;
  readonly #project: ProjectSync;
  readonly #pause = new Pause();
  readonly #intervalMs: number;
  readonly #random: () => number;
  readonly #now: () => number;
  readonly #onEvent: (event: SyncEvent) => void;
  /** The database must be looked at before the next trip: it may be another one than before. */
  #unchecked = true;

  constructor(options: SyncOptions) {
    const { now = Date.now, random = Math.random, intervalMs = 2_000, branch = 'main', onEvent } = options;
    const gitSource = parseGitSource(options.repo, process.cwd());
    const source = {
      repository: gitSource.name,
      path: normalPath(options.path ?? 'flags'),
      branch: validBranch(branch),
    };
    this.#now = now;
    this.#random = random;
    this.#intervalMs = intervalMs;
    this.status = new SyncStatus(source, now);
    this.#onEvent = (event) => {
      this.status.heard(event);
      onEvent?.(event);
    };
    this.#pool = new Pool(options.databaseUrl, { applicationName: 'halyard sync', maxConnections: 2 });
    const { stateFolder, credentials = {}, acceptHistoryAs } = options;
    const mirror = new Mirror({
      source: gitSource,
      branch,
      stateFolder,
      credentials,
      inherited: process.env,
    });
    this.#project = new ProjectSync({
      pool: this.#pool,
      branch: new Branch(mirror, source.path),
      source,
      onEvent: this.#onEvent,
      now,
      ...(acceptHistoryAs !== undefined && { acceptHistoryAs }),
    });
  }

  /** Looks for new commits now and not when the interval has passed. Carries no data. */
  wake(): void {
    this.#pause.wake();
  }

  /** Trips until the signal is aborted. Failures of the world are told and retried. Throws UsageError alone. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const outcome = await this.#attempt(signal);
      if (signal.aborted) return;
      const failures = this.status.failuresInARow;
      await this.#pause.wait(outcome === undefined ? this.#backoffMs(failures) : this.#intervalMs, signal);
    }
  }

  /** Trips until one comes to its end. Throws what is away when it stays away for 30 s. */
  async runOnce(signal: AbortSignal, deadlineMs = ONCE_DEADLINE_MS): Promise<TripOutcome> {
    const giveUpAtMs = this.#now() + deadlineMs;
    for (;;) {
      const outcome = await this.#attempt(signal, (error) => {
        if (this.#now() >= giveUpAtMs || causeOf(error) === 'other') throw asUnreachable(error);
      });
      if (outcome !== undefined) return outcome;
      signal.throwIfAborted();
      const leftMs = Math.max(0, giveUpAtMs - this.#now());
      await this.#pause.wait(Math.min(leftMs, this.#backoffMs(this.status.failuresInARow)), signal);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool.close();
  }

  /** One trip; undefined when it failed, which is told once for all failures in a row. */
  async #attempt(
    signal: AbortSignal,
    onFailure?: (error: unknown) => void,
  ): Promise<TripOutcome | undefined> {
    try {
      if (this.#unchecked) await this.#checkDatabase();
      const outcome = await this.#tripUntilBaseStays(signal);
      const recovered = this.status.isFailing;
      this.status.succeeded(outcome, this.#project.head, this.#project.applied);
      if (recovered) this.#onEvent({ type: 'recovered' });
      return outcome;
    } catch (error) {
      if (signal.aborted) return undefined;
      if (error instanceof UsageError) throw error;
      this.#project.forget();
      this.#unchecked = true;
      const first = !this.status.isFailing;
      this.status.failed(error);
      if (first) this.#onEvent({ type: 'failed', error });
      onFailure?.(error);
      return undefined;
    }
  }

  /** Another sync may be faster at an entry; then both find out, from the database, what is left to do. */
  async #tripUntilBaseStays(signal: AbortSignal): Promise<TripOutcome> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#project.trip(signal);
      } catch (error) {
        if (!(error instanceof BaseMovedError)) throw error;
        this.#project.forget();
        await this.#pause.wait(backoffMs(attempt, this.#random(), { baseMs: 5, capMs: 200 }), signal);
        signal.throwIfAborted();
      }
    }
  }

  async #checkDatabase(): Promise<void> {
    await this.#pool.withConnection(async (connection) => {
      await assertMigrated(connection);
      await assertDurable(connection);
    });
    this.#unchecked = false;
  }

  #backoffMs(attempt: number): number {
    return backoffMs(attempt, this.#random(), {
      baseMs: Math.min(this.#intervalMs, 500),
      capMs: LONGEST_BACKOFF_MS,
    });
  }
}

/** A mirror that cannot be mended is git that does not answer. */
function asUnreachable(error: unknown): unknown {
  return error instanceof GitError ? new UnreachableError('git', error.message, { cause: error }) : error;
}

/** Without `./` and `/` around it; the root is empty. */
function normalPath(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (path.startsWith('/') || parts.includes('..') || /[\0\n]/.test(path)) {
    throw new UsageError(
      `--path ${JSON.stringify(path)} must be a folder inside the repository, as \`flags\` is.`,
    );
  }
  return parts.join('/');
}

/** What git-check-ref-format(1) allows, and so nothing that a refspec would take for more than a name. */
function validBranch(branch: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const forbidden = /^[-/]|[\x00-\x20\x7f~^:?*[\\]|\.\.|@\{|\/\/|\/\.|\.lock(\/|$)|[/.]$|^\.|^@$|^$/;
  if (forbidden.test(branch))
    throw new UsageError(`--branch ${JSON.stringify(branch)} is no name of a branch.`);
  return branch;
}
