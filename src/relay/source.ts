// The port that every source of snapshots fills, and the one place where a source that failed is tried again.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Wake } from '../io/wake.ts';
import { backoffMs } from '../lib/backoff.ts';
import { UnreachableError, UsageError } from '../lib/errors.ts';
import type { Snapshot } from '../model/snapshot.ts';

/** Every code that status and metrics tell; docs/faults.md says what each means. */
export const FAULT_CODES = [
  'answer',
  'behind',
  'cache',
  'configuration',
  'definitions',
  'digest',
  'does-not-compile',
  'environment',
  'folder',
  'http',
  'not-ready',
  'older',
  'other-project',
  'postgres',
  'project',
  'refused',
  'rewound',
  'silent',
  'tls',
  'token',
  'unaudited',
  'unexpected',
  'unproven',
  'upstream-stale',
] as const;
export type FaultCode = (typeof FAULT_CODES)[number];

/** Why what a source holds cannot be served. `code` is a stable word; the message is for people and holds no secrets. */
export interface Fault {
  code: FaultCode;
  message: string;
  /** The error, where it is a bug of ours: for the log alone. */
  cause?: unknown;
}

/** The last entry of the audit chain that was seen, which a source must still have. */
export interface Witness {
  entry: number;
  hash: string;
}

/** What a source that is itself fed by another says of that one. */
export interface Freshness {
  /** Milliseconds since the source of all confirmed it; undefined = it never did. */
  ageMs: number | undefined;
  /** Why it may be out of date. */
  fault?: Fault | undefined;
}

export type SourceNews =
  /**
   * A whole snapshot. `witnessed`: the hash that the source's chain has for the witness' entry; null = it has none.
   * `end`: the chain's last entry at that moment. `freshness`: left out where the source is no other's follower.
   */
  | { type: 'snapshot'; snapshot: Snapshot; witnessed?: string | null; end?: Witness; freshness?: Freshness }
  /** The source was asked, and the last snapshot that it gave is still its newest. `end`: its chain has grown up to there. */
  | { type: 'current'; end?: Witness; freshness?: Freshness }
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
  /** The hash that the audit chain holds for an entry; null = it has none, undefined = that cannot be told now. Never rejects. */
  linkedHash?(entry: number): Promise<string | null | undefined>;
}

/** An error that names what is wrong with a source in a stable word. */
export class SourceError extends Error {
  override name = 'SourceError';
  readonly code: FaultCode;

  constructor(code: FaultCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Runs a source until the signal aborts. Each failure is emitted as a fault, then the source is run again after a wait. */
export function follow(source: Source, emit: Emit, signal: AbortSignal, random = Math.random): Promise<void> {
  const run = (isWell: () => void) =>
    source.run((news) => {
      isWell();
      return emit(news);
    }, signal);
  const failed = (error: unknown) => emit({ type: 'fault', fault: faultOf(error) });
  return keepTrying(run, failed, signal, random);
}

/**
 * The waits before something is tried again. A fleet that lost its source at one instant comes back over a second, since
 * each wait is a matter of chance; then waits double, up to five seconds.
 */
const PAUSE = { baseMs: 1_000, capMs: 5_000, leastPart: 0.1 };

/** Does something again and again until the signal aborts, with a wait between; `isWell` is called to have waits begin anew. */
export async function keepTrying(
  run: (isWell: () => void) => Promise<void>,
  failed: (error: unknown) => Promise<void>,
  signal: AbortSignal,
  random: () => number,
): Promise<void> {
  let failures = 0;
  const isWell = () => {
    failures = 0;
  };
  while (!signal.aborted) {
    try {
      await run(isWell);
    } catch (error) {
      if (signal.aborted) return;
      await failed(error);
    }
    failures++;
    await sleep(backoffMs(failures, random(), PAUSE), undefined, { signal }).catch(() => undefined);
  }
}

/** A fleet is woken at one instant, and must not ask at one instant; also, wake-ups that come in a row are one. */
const SPREAD_MS = 100;

/** Waits for a wake-up, and then for a moment more by chance, or for the next poll, at most `pollMs` away. */
export async function nextLook(
  wake: Wake,
  pollMs: number,
  signal: AbortSignal,
  random = Math.random,
): Promise<void> {
  // Those who began to poll at one instant do not go on so.
  if (!(await wake.heard(pollMs * (0.75 + random() / 4), signal))) return;
  await sleep(random() * SPREAD_MS, undefined, { signal }).catch(() => undefined);
}

/** What an error means to those who look at status and metrics: its code is a word out of few. */
export function faultOf(error: unknown): Fault {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof SourceError) return { code: error.code, message };
  // No source of a relay asks git.
  if (error instanceof UnreachableError && error.code !== 'git') return { code: error.code, message };
  if (error instanceof UsageError) return { code: 'configuration', message };
  return { code: 'unexpected', message, cause: error };
}
