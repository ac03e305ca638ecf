// The port that every source of snapshots fills, and the one place where a source that failed is tried again.
import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs } from '../lib/backoff.ts';
import { UnreachableError, UsageError } from '../lib/errors.ts';
import type { Snapshot } from '../model/snapshot.ts';

/** Why what a source holds cannot be served. `code` is a stable word; the message is for people and holds no secrets. */
export interface Fault {
  code: string;
  message: string;
  /** The error, where it is a bug of ours: for the log alone. */
  cause?: unknown;
}

/** The last entry of the audit chain that was seen, which a source must still have. */
export interface Witness {
  entry: number;
  hash: string;
}

export type SourceNews =
  /**
   * A whole snapshot. `witnessed`: the hash that the source's chain has for the witness' entry; null = it has none.
   * `end`: the chain's last entry at that moment.
   */
  | { type: 'snapshot'; snapshot: Snapshot; witnessed?: string | null; end?: Witness }
  /** The source was asked, and the last snapshot that it gave is still its newest. `end`: its chain has grown up to there. */
  | { type: 'current'; end?: Witness }
  /** The source answers, but with nothing that can be served. */
  | { type: 'fault'; fault: Fault };

/** Takes news, one at a time; resolves when they are dealt with. Never rejects. */
export type Emit = (news: SourceNews) => Promise<void>;

export interface Source {
  readonly kind: 'postgres' | 'directory' | 'upstream';
  /**
   * Gives the newest snapshot, and every newer one, until the signal aborts. Rejects when the source cannot be asked
   * any longer; it is then run again, and starts afresh.
   */
  run(emit: Emit, signal: AbortSignal): Promise<void>;
  /** Looks at once instead of at the next poll. */
  wake(): void;
}

/** An error that names what is wrong with a source in a stable word. */
export class SourceError extends Error {
  override name = 'SourceError';
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Runs a source until the signal aborts. Each failure is emitted as a fault, then the source is run again after a wait. */
export async function follow(
  source: Source,
  emit: Emit,
  signal: AbortSignal,
  random = Math.random,
): Promise<void> {
  let failures = 0;
  const heard: Emit = (news) => {
    failures = 0;
    return emit(news);
  };
  while (!signal.aborted) {
    try {
      await source.run(heard, signal);
    } catch (error) {
      if (signal.aborted) return;
      await emit({ type: 'fault', fault: faultOf(error) });
    }
    failures++;
    await sleep(backoffMs(failures, random()), undefined, { signal }).catch(() => undefined);
  }
}

/** What an error means to those who look at status and metrics: its code is a word out of few. */
export function faultOf(error: unknown): Fault {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof SourceError || error instanceof UnreachableError) return { code: error.code, message };
  if (error instanceof UsageError) return { code: 'configuration', message };
  return { code: 'unexpected', message, cause: error };
}
