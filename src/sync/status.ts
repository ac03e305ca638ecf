// How sync is doing: what it last found, since when it works or fails, and how often. Feeds /v1/status, probes and metrics.

import { GitError } from '../git/command.ts';
import { UnreachableError } from '../lib/errors.ts';
import type { Applied } from './applied.ts';
import type { CheckpointState } from './checkpoints.ts';
import type { SyncEvent, TripOutcome } from './event.ts';
import { noRefusals, problemText, type RefusalCounts, refusalsIn } from './refusals.ts';
import { awaitsApproval } from './rejudge.ts';

export const FAILURE_CAUSES = ['git', 'postgres', 'forge', 'other'] as const;
export type FailureCause = (typeof FAILURE_CAUSES)[number];

/** What /v1/status answers. Times are RFC 3339. */
export interface StatusReport {
  state: TripOutcome | 'starting' | 'failing';
  project?: string;
  repository: string;
  path: string;
  branch: string;
  /** The branch's head, as it was last seen. */
  head?: string;
  lastJudgedCommit?: string;
  entry?: number;
  revision?: number;
  lastSuccessAt?: string;
  lastSuccessAgeMs?: number;
  /** What keeps the head from being applied: a rejected commit's first problem, or what does not answer. */
  lastProblem?: string;
  /** The head is refused, and sync looks for approvals. */
  awaitsApproval?: true;
  /** Trips in a row that failed. */
  failuresInARow: number;
  /** The emergency overrides that stand, by environment and flag. */
  overrides: { flag: string; environment: string; serve: string; until: string }[];
  /** Where checkpoints are written. */
  checkpoints?: CheckpointState;
}

export interface SyncCounts {
  applied: number;
  unchanged: number;
  rejected: number;
  /** Rejected commits by what the policy found, each once a code. */
  refusals: RefusalCounts;
  diverged: number;
  failures: Record<FailureCause, number>;
}

export class SyncStatus {
  readonly #source: { repository: string; path: string; branch: string };
  readonly #now: () => number;
  readonly counts: SyncCounts = {
    applied: 0,
    unchanged: 0,
    rejected: 0,
    refusals: noRefusals(),
    diverged: 0,
    failures: { git: 0, postgres: 0, forge: 0, other: 0 },
  };
  #outcome: TripOutcome | undefined;
  #head: string | undefined;
  #applied: Applied['head'] | undefined;
  #overrides: StatusReport['overrides'] = [];
  #lastSuccessAtMs: number | undefined;
  #failuresInARow = 0;
  #fault: string | undefined;
  #problem: string | undefined;
  #awaitsApproval = false;

  /** How checkpoints are doing; undefined where none are written. */
  readonly checkpoints: CheckpointState | undefined;

  /** @param now the clock, in epoch milliseconds */
  constructor(
    source: { repository: string; path: string; branch: string },
    now: () => number,
    checkpoints?: CheckpointState,
  ) {
    this.#source = source;
    this.#now = now;
    this.checkpoints = checkpoints;
  }

  get outcome(): TripOutcome | undefined {
    return this.#outcome;
  }

  /** Milliseconds since a trip last came to its end; undefined before the first. */
  get lastSuccessAgeMs(): number | undefined {
    return this.#lastSuccessAtMs === undefined ? undefined : Math.max(0, this.#now() - this.#lastSuccessAtMs);
  }

  /** Whether the head was refused for what approvals would mend. */
  get awaitsApproval(): boolean {
    return this.#awaitsApproval;
  }

  get isFailing(): boolean {
    return this.#failuresInARow > 0;
  }

  heard(event: SyncEvent): void {
    if (event.type === 'applied') {
      if (event.revision === undefined) this.counts.unchanged += 1;
      else this.counts.applied += 1;
      this.#problem = undefined;
    } else if (event.type === 'rejected' || event.type === 'unnamed') {
      if (event.type === 'rejected') {
        this.counts.rejected += 1;
        for (const code of refusalsIn(event.problems))
          this.counts.refusals.set(code, (this.counts.refusals.get(code) ?? 0) + 1);
      }
      this.#problem = problemText(event.problems);
    } else if (event.type === 'refused') {
      this.#problem = event.reason;
    } else if (event.type === 'diverged') {
      this.counts.diverged += 1;
      this.#problem = `the branch no longer holds the last judged commit ${event.base}`;
    } else if (event.type === 'accepted') {
      this.#problem = undefined;
    }
  }

  succeeded(outcome: TripOutcome, head: string | undefined, applied: Applied | undefined): void {
    this.#outcome = outcome;
    this.#head = head;
    this.applies(applied);
    this.#lastSuccessAtMs = this.#now();
    this.#failuresInARow = 0;
    this.#fault = undefined;
    if (outcome === 'applied') this.#problem = undefined;
    // Since a restart nothing was told, and the entry says what is wrong.
    if (outcome === 'rejected') this.#problem ??= problemText(applied?.rejected?.problems ?? []);
    this.#awaitsApproval =
      outcome === 'rejected' && applied?.rejected !== undefined && awaitsApproval(applied.rejected);
  }

  /** What the database says is applied, also while git is away. */
  applies(applied: Applied | undefined): void {
    this.#applied = applied?.head;
    this.#overrides = Array.from(applied?.overrides ?? [], ([row, override]) => {
      const [, flag = '', environment = ''] = row.split('\t');
      return { flag, environment, ...override };
    }).sort((a, b) => compareText(a.environment, b.environment) || compareText(a.flag, b.flag));
  }

  failed(error: unknown): void {
    this.#failuresInARow += 1;
    this.counts.failures[causeOf(error)] += 1;
    this.#fault = error instanceof Error ? error.message : String(error);
  }

  get failuresInARow(): number {
    return this.#failuresInARow;
  }

  report(): StatusReport {
    const ageMs = this.lastSuccessAgeMs;
    const problem = this.#fault ?? this.#problem;
    return {
      state: this.isFailing ? 'failing' : (this.#outcome ?? 'starting'),
      ...(this.#applied && { project: this.#applied.project }),
      ...this.#source,
      ...(this.#head !== undefined && { head: this.#head }),
      ...(this.#applied?.lastJudgedCommit !== undefined && {
        lastJudgedCommit: this.#applied.lastJudgedCommit,
      }),
      ...(this.#applied && { entry: this.#applied.lastEntry, revision: this.#applied.lastRevision }),
      ...(this.#lastSuccessAtMs !== undefined && {
        lastSuccessAt: new Date(this.#lastSuccessAtMs).toISOString(),
      }),
      ...(ageMs !== undefined && { lastSuccessAgeMs: ageMs }),
      ...(problem !== undefined && { lastProblem: problem }),
      ...(this.#awaitsApproval && { awaitsApproval: true as const }),
      failuresInARow: this.#failuresInARow,
      overrides: this.#overrides.filter(({ until }) => Date.parse(until) > this.#now()),
      ...(this.checkpoints && { checkpoints: { ...this.checkpoints } }),
    };
  }
}

export function causeOf(error: unknown): FailureCause {
  if (error instanceof GitError) return 'git';
  if (error instanceof UnreachableError) return error.code === 'http' ? 'forge' : error.code;
  return 'other';
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
