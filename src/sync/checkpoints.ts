// Writes a checkpoint of each new entry into a ref of a repository, beside the trips, which never wait for it.
import { readChainEnd, readEntryHash } from '../audit/chain-end.ts';
import {
  checkpointText,
  readCheckpoint,
  signCheckpoint,
  type VerifiedCheckpoint,
} from '../audit/checkpoint.ts';
import type { SigningKey } from '../audit/signing-key.ts';
import type { Pool } from '../db/pool.ts';
import { withTransaction } from '../db/transaction.ts';
import type { FileRef } from '../git/file-ref.ts';
import { Wake } from '../io/wake.ts';
import { backoffMs } from '../lib/backoff.ts';
import type { SyncEvent } from './event.ts';

/** How the checkpoints are doing. */
export interface CheckpointState {
  /** The ref and its repository, without secrets. */
  readonly ref: string;
  /** The last entry that is known to have one. */
  entry?: number;
  /** Why the last attempt failed; absent where none did since the last that went well. */
  problem?: string;
  failuresInARow: number;
  failures: number;
}

export interface CheckpointsOptions {
  pool: Pool;
  ref: FileRef;
  key: SigningKey;
  onEvent: (event: SyncEvent) => void;
  /** The clock, in epoch milliseconds. */
  now: () => number;
  random: () => number;
  /** How long to wait after a first failure. */
  retryMs: number;
}

/** The chain is not what was signed, so nothing more of it is signed. */
export class ChainChangedError extends Error {
  override name = 'ChainChangedError';
}

const LONGEST_RETRY_MS = 30_000;
const IDLE_MS = 3_600_000;

export class Checkpoints {
  readonly state: CheckpointState;
  readonly #options: CheckpointsOptions;
  readonly #wake = new Wake();
  /** What has no checkpoint yet, as far as is known. */
  #due: { project: string; entry: number } | undefined;
  /** The last one that we have signed or found. */
  #last: VerifiedCheckpoint | undefined;

  constructor(options: CheckpointsOptions) {
    this.#options = options;
    this.state = { ref: options.ref.name, failuresInARow: 0, failures: 0 };
  }

  /** There is an entry that may have no checkpoint yet. */
  saw(project: string, entry: number): void {
    // An entry before the last signed one means that the chain was cut, which is to be found out.
    if (entry === 0 || (this.#last?.project === project && this.#last.entry === entry)) return;
    if (this.#due?.project === project && this.#due.entry === entry) return;
    this.#due = { project, entry };
    this.#wake.ring();
  }

  /** Writes what is due, and tries again what failed, until the signal is aborted or the result is disposed of. */
  beside(signal: AbortSignal): AsyncDisposable {
    const ended = new AbortController();
    const running = this.#run(AbortSignal.any([signal, ended.signal]));
    return {
      async [Symbol.asyncDispose]() {
        ended.abort();
        await running;
      },
    };
  }

  /** Tries until what is due is written, or the time is over. Never rejects. */
  async settle(signal: AbortSignal, deadlineMs: number): Promise<void> {
    const stop = AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]);
    while (this.#due && !stop.aborted) if (!(await this.#attempt(stop))) await this.#pause(stop);
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (!this.#due) await this.#wake.heard(IDLE_MS, signal);
      else if (!(await this.#attempt(signal))) await this.#pause(signal);
    }
  }

  async #attempt(signal: AbortSignal): Promise<boolean> {
    const due = this.#due;
    if (!due) return true;
    const { onEvent } = this.#options;
    try {
      const { checkpoint, isNew } = await this.#write(due.project, signal);
      this.#last = checkpoint;
      const { entry } = checkpoint;
      if (this.#due === due || (this.#due?.project === due.project && this.#due.entry <= entry))
        this.#due = undefined;
      const recovered = this.state.failuresInARow > 0;
      delete this.state.problem;
      this.state.entry = entry;
      this.state.failuresInARow = 0;
      if (isNew || recovered)
        onEvent({ type: 'checkpointed', project: due.project, entry, ref: this.state.ref });
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      const problem = error instanceof Error ? error.message : String(error);
      const isKnown = this.state.problem === problem;
      this.state.problem = problem;
      this.state.failuresInARow += 1;
      this.state.failures += 1;
      if (!isKnown) onEvent({ type: 'checkpoint-failed', error });
      return false;
    }
  }

  /** The checkpoint of the newest entry, which may be there already. */
  async #write(
    project: string,
    signal: AbortSignal,
  ): Promise<{ checkpoint: VerifiedCheckpoint; isNew: boolean }> {
    const { pool, ref, key, now } = this.#options;
    await ref.fetch(signal);
    const name = `${encodeURIComponent(project)}.json`;
    const last = this.#newest(project, await ref.read(name, signal));
    const { end, held } = await withTransaction(
      pool,
      { isolation: 'repeatable read', readOnly: true },
      async (tx) => ({
        end: await readChainEnd(tx, project),
        held: last && (await readEntryHash(tx, project, last.entry)),
      }),
    );
    if (last && held !== last.hash) throw changed(project, last);
    if (!end?.fits)
      throw new ChainChangedError(`the last entry of ${project} has a hash that does not fit it`);
    if (last?.entry === end.entry) return { checkpoint: last, isNew: false };
    const time = new Date(now()).toISOString();
    const signed = signCheckpoint({ project, entry: end.entry, hash: end.hash, time }, key);
    await ref.write(
      {
        name,
        text: `${checkpointText(signed)}\n`,
        message: `${project} entry ${end.entry}`,
        atSeconds: Math.floor(now() / 1000),
      },
      signal,
    );
    return { checkpoint: { ...signed, fingerprint: key.fingerprint }, isNew: true };
  }

  /** Of what the ref holds only our own signature counts: whoever may push there may write anything. */
  #newest(project: string, text: string | undefined): VerifiedCheckpoint | undefined {
    const found = text === undefined ? undefined : readCheckpoint(text.trim());
    const known = this.#last?.project === project ? this.#last : undefined;
    if (typeof found !== 'object' || found.project !== project) return known;
    if (found.publicKey !== this.#options.key.publicKey) return known;
    return known && known.entry > found.entry ? known : found;
  }

  async #pause(signal: AbortSignal): Promise<void> {
    const { random, retryMs } = this.#options;
    const { failuresInARow } = this.state;
    const capMs = Math.min(30 * retryMs, LONGEST_RETRY_MS);
    await this.#wake.heard(
      backoffMs(Math.max(1, failuresInARow), random(), { baseMs: retryMs, capMs }),
      signal,
    );
  }
}

function changed(project: string, { entry, time }: VerifiedCheckpoint): ChainChangedError {
  return new ChainChangedError(
    `the chain of ${project} no longer holds entry ${entry} as it was signed at ${time}: it was cut, rewritten or restored. ` +
      'Nothing more of it is signed. Run `halyard audit verify` with the checkpoints; after a restore on purpose name another --checkpoint-ref',
  );
}
