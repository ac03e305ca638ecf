// The loop of sync: trips without end, retried with backoff in this one place, and ended by a signal.

import { assertDurable } from '../db/durability.ts';
import { assertMigrated } from '../db/migrate.ts';
import { Pool } from '../db/pool.ts';
import { GitError } from '../git/command.ts';
import { RefusedError } from '../git/refusal.ts';
import { parseGitSource } from '../git/source.ts';
import { Wake } from '../io/wake.ts';
import { backoffMs } from '../lib/backoff.ts';
import { UnreachableError, UsageError } from '../lib/errors.ts';
import { BaseMovedError } from './apply.ts';
import type { Checkpoints } from './checkpoints.ts';
import type { SyncEvent, TripOutcome } from './event.ts';
import { openCheckpoints } from './open-checkpoints.ts';
import { openProject } from './open-project.ts';
import { normalPath, type SyncOptions, validBranch } from './options.ts';
import type { ProjectSync } from './project-sync.ts';
import { causeOf, SyncStatus } from './status.ts';

/** How long `runOnce` tries to reach git and PostgreSQL. */
export const ONCE_DEADLINE_MS = 30_000;
const LONGEST_RETRY_MS = 5_000;
/** How long a statement under way may take once a stop was asked for. What becomes of it then, the chain says. */
const STOP_PATIENCE_MS = 3_000;
/** How long `runOnce` tries to write a checkpoint; the next run makes up for it. */
const CHECKPOINT_DEADLINE_MS = 15_000;

/** The wait after a trip that failed. Whoever looks often waits a few intervals at most, however long it has failed. */
export function retryAfterMs(failures: number, intervalMs: number, random: number): number {
  return backoffMs(failures, random, {
    baseMs: Math.min(intervalMs, 500),
    capMs: Math.min(4 * intervalMs, LONGEST_RETRY_MS),
  });
}

/** Syncs until the signal is aborted. Throws UsageError for what trying again cannot mend. */
export async function runSync(options: SyncOptions, signal: AbortSignal): Promise<void> {
  await using sync = new Sync(options);
  await sync.run(signal);
}

export class Sync implements AsyncDisposable {
  readonly status: SyncStatus;
  readonly #pool: Pool;
  readonly #project: ProjectSync;
  readonly #checkpoints: Checkpoints | undefined;
  readonly #wake = new Wake();
  readonly #intervalMs: number;
  readonly #random: () => number;
  readonly #now: () => number;
  readonly #onEvent: (event: SyncEvent) => void;
  /** The database must be looked at before the next trip: it may be another one than before. */
  #unchecked = true;
  /** Why the head was refused, as it was last told. */
  #toldRefusal: string | undefined;

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
    this.#pool = new Pool(options.databaseUrl, { applicationName: 'halyard sync', maxConnections: 2 });
    this.#onEvent = (event) => {
      this.status.heard(event);
      onEvent?.(event);
      if ('entry' in event && event.type !== 'checkpointed')
        this.#checkpoints?.saw(event.project, event.entry);
    };
    const parts = { pool: this.#pool, onEvent: this.#onEvent, now };
    const retryMs = Math.min(intervalMs, 1_000);
    this.#checkpoints = openCheckpoints(options, gitSource, { ...parts, random, retryMs });
    this.status = new SyncStatus(source, now, this.#checkpoints?.state);
    this.#project = openProject(options, gitSource, { ...parts, source });
  }

  /** Looks for new commits now and not when the interval has passed. Carries no data. */
  wake(): void {
    this.#wake.ring();
  }

  /** Trips until the signal is aborted. Failures of the world are told and retried. Throws UsageError alone. */
  async run(signal: AbortSignal): Promise<void> {
    await using _checkpoints = this.#checkpoints?.beside(signal);
    while (!signal.aborted) {
      const outcome = await this.#attempt(signal);
      if (signal.aborted) return;
      await this.#wake.heard(outcome === undefined ? this.#retryAfterMs() : this.#intervalMs, signal);
    }
  }

  /** Trips until one comes to its end. Throws what is away when it stays away for 30 s. */
  async runOnce(signal: AbortSignal, deadlineMs = ONCE_DEADLINE_MS): Promise<TripOutcome> {
    const giveUpAtMs = this.#now() + deadlineMs;
    for (;;) {
      const outcome = await this.#attempt(signal, (error) => {
        if (this.#now() >= giveUpAtMs || causeOf(error) === 'other') throw asUnreachable(error);
      });
      if (outcome !== undefined) {
        await this.#checkpoints?.settle(signal, CHECKPOINT_DEADLINE_MS);
        return outcome;
      }
      signal.throwIfAborted();
      const leftMs = Math.max(0, giveUpAtMs - this.#now());
      await this.#wake.heard(Math.min(leftMs, this.#retryAfterMs()), signal);
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
    const onAbort = () => setTimeout(() => void this.#pool.terminate(), STOP_PATIENCE_MS).unref();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      if (this.#unchecked) await this.#checkDatabase();
      const outcome = await this.#tripUntilBaseStays(signal).catch((error: unknown) => this.#refused(error));
      if (outcome !== 'refused') this.#toldRefusal = undefined;
      this.#sawLastEntry();
      const recovered = this.status.isFailing;
      this.status.succeeded(outcome, this.#project.head, this.#project.applied);
      if (recovered) this.#onEvent({ type: 'recovered' });
      return outcome;
    } catch (error) {
      if (signal.aborted) return undefined;
      if (error instanceof UsageError) throw error;
      if (this.#project.applied) this.status.applies(this.#project.applied);
      this.#sawLastEntry();
      this.#project.forget();
      this.#unchecked = true;
      const first = !this.status.isFailing;
      this.status.failed(error);
      if (first) this.#onEvent({ type: 'failed', error });
      onFailure?.(error);
      return undefined;
    } finally {
      signal.removeEventListener('abort', onAbort);
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
        await this.#wake.heard(backoffMs(attempt, this.#random(), { baseMs: 5, capMs: 200 }), signal);
        signal.throwIfAborted();
      }
    }
  }

  /** What the repository holds is at fault, and no commit that could have an entry. It is told once. */
  #refused(error: unknown): 'refused' {
    if (!(error instanceof RefusedError)) throw error;
    if (error.message !== this.#toldRefusal) this.#onEvent({ type: 'refused', reason: error.message });
    this.#toldRefusal = error.message;
    return 'refused';
  }

  /** Also that of an override, and one whose checkpoint was left out when sync ended the last time. */
  #sawLastEntry(): void {
    const { head } = this.#project.applied ?? {};
    if (head) this.#checkpoints?.saw(head.project, head.lastEntry);
  }

  async #checkDatabase(): Promise<void> {
    await this.#pool.withConnection(async (connection) => {
      await assertMigrated(connection);
      await assertDurable(connection);
    });
    this.#unchecked = false;
  }

  #retryAfterMs(): number {
    return retryAfterMs(this.status.failuresInARow, this.#intervalMs, this.#random());
  }
}

/** A mirror that cannot be mended is git that does not answer. */
function asUnreachable(error: unknown): unknown {
  return error instanceof GitError ? new UnreachableError('git', error.message, { cause: error }) : error;
}
