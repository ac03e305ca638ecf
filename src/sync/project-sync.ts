// Brings the database to the head of a branch, one trip at a time: fetch, judge each new commit, apply it with its entry.
import type { ProjectSource } from '../audit/store.ts';
import type { Pool } from '../db/pool.ts';
import type { Loaded } from '../definitions/load.ts';
import { type Applied, findProject, nothingApplied, readApplied } from './applied.ts';
import { applyEntry, BaseMovedError } from './apply.ts';
import type { Branch, Candidate } from './branch.ts';
import type { SyncEvent, TripOutcome } from './event.ts';
import { baseOf, historyContent } from './history.ts';
import { judgeCommit, projectKeyOf } from './judge.ts';
import { type PendingEntry, recordJudgement, wasWritten } from './record.ts';

export interface ProjectSyncOptions {
  pool: Pool;
  branch: Branch;
  /** As the database keeps it: the repository's name without secrets, the path (empty: the root) and the branch. */
  source: ProjectSource;
  /** Accept a rewritten history, in this actor's name, where there is nobody to ask. */
  acceptHistoryAs?: string;
  onEvent: (event: SyncEvent) => void;
  /** The clock, in epoch milliseconds; it dates entries about history alone. */
  now: () => number;
}

export class ProjectSync {
  readonly #options: ProjectSyncOptions;
  #applied: Applied | undefined;
  /** What was parsed last, so that only changed files are parsed. */
  #loaded: Loaded | undefined;
  /** The head at which nothing is left to do, and what was found there, as of an entry. */
  #settled: { commit: string; entry: number; outcome: TripOutcome } | undefined;
  #pending: PendingEntry | undefined;
  /** The commit that was last told to be accepted. */
  #toldDiverged: string | undefined;

  constructor(options: ProjectSyncOptions) {
    this.#options = options;
  }

  /** What the database says is applied, as of the last trip. */
  get applied(): Applied | undefined {
    return this.#applied;
  }

  /** The head of the branch, as of the last trip. */
  get head(): string | undefined {
    return this.#settled?.commit;
  }

  /** One trip. Throws what git or PostgreSQL throws; the next trip then begins from what the database says. */
  async trip(signal: AbortSignal): Promise<TripOutcome> {
    // In this order: whatever another sync has judged by now is in the history that is fetched after it.
    await this.#readBase();
    const head = await this.#options.branch.fetchHead(signal);
    const settled = this.#settled;
    if (settled?.commit === head && settled.entry === this.#lastEntry) return settled.outcome;
    const outcome = await this.#catchUp(head, signal);
    this.#settled = { commit: head, entry: this.#lastEntry, outcome };
    return outcome;
  }

  /** Forgets what it knows of the database, after an error that leaves it in doubt. */
  forget(): void {
    this.#applied = undefined;
    this.#settled = undefined;
  }

  get #lastEntry(): number {
    return this.#applied?.head.lastEntry ?? 0;
  }

  /** Reads the database again, unless its last entry is the one that is known. */
  async #readBase(): Promise<void> {
    const { pool, source, onEvent } = this.#options;
    const known = this.#applied?.head;
    const found = await findProject(pool, known ? { key: known.project } : { source });
    if (known && found?.lastEntry === known.lastEntry) return;
    this.#applied = found && (await readApplied(pool, found.key));
    const pending = this.#pending;
    if (pending && (await wasWritten(pool, pending))) onEvent(pending.event);
    this.#pending = undefined;
  }

  async #catchUp(head: string, signal: AbortSignal): Promise<TripOutcome> {
    const { branch } = this.#options;
    const applied = this.#applied ?? (await this.#adopt(head, signal));
    if (!applied) return 'unnamed';
    this.#applied = applied;
    const base = baseOf(applied.head);
    if (base && !(await branch.holds(base.commit, head, signal))) {
      return (await this.#diverged(applied, head, signal)) ? this.#catchUp(head, signal) : 'diverged';
    }
    this.#toldDiverged = undefined;
    // The initial import is the head alone.
    const candidates = base
      ? await branch.candidatesAfter(base, head, signal)
      : [await branch.candidate(head, signal)];
    for (const candidate of candidates) {
      signal.throwIfAborted();
      const last = this.#applied.head.lastJudgedCommit;
      if (last !== undefined && (await branch.isLike(candidate, last, signal))) continue;
      this.#applied = await this.#judge(this.#applied, candidate, signal);
    }
    const { lastAction, head: reached } = this.#applied;
    if (reached.lastJudgedCommit !== undefined) await branch.pin(reached.lastJudgedCommit, signal);
    return lastAction === 'commit.rejected' ? 'rejected' : 'applied';
  }

  /** The project that the head names: one that the database has from another address, or a new one. */
  async #adopt(head: string, signal: AbortSignal): Promise<Applied | undefined> {
    const { branch, pool, source, onEvent } = this.#options;
    const candidate = await branch.candidate(head, signal);
    const files = await branch.files(candidate, signal);
    const key = projectKeyOf(files);
    if (key !== undefined) return (await readApplied(pool, key)) ?? nothingApplied(key, source);
    const judgement = judgeCommit(candidate, files, { rows: new Map(), overrides: new Map() }, this.#loaded);
    this.#loaded = judgement.loaded;
    const problems = judgement.type === 'rejected' ? judgement.problems : [];
    onEvent({ type: 'unnamed', commit: head, problems });
    return undefined;
  }

  async #judge(applied: Applied, candidate: Candidate, signal: AbortSignal): Promise<Applied> {
    const { pool, branch, source, onEvent } = this.#options;
    const files = await branch.files(candidate, signal);
    const known = { ...applied, project: applied.head.project };
    const judgement = judgeCommit(candidate, files, known, this.#loaded);
    this.#loaded = judgement.loaded;
    const sent = (pending: PendingEntry): void => {
      this.#pending = pending;
    };
    const recorded = await recordJudgement(pool, source, applied, judgement, sent).catch((error: unknown) => {
      // Then it is known that the entry was not written by us, though another sync may have written the very same.
      if (error instanceof BaseMovedError) this.#pending = undefined;
      throw error;
    });
    this.#pending = undefined;
    onEvent(recorded.event);
    return recorded.applied;
  }

  /** Writes what is to be said of a history that was rewritten. True when sync may go on. */
  async #diverged({ head: known }: Applied, head: string, signal: AbortSignal): Promise<boolean> {
    const { acceptHistoryAs, branch, onEvent } = this.#options;
    const { project, lastJudgedCommit: base = '', history } = known;
    if (acceptHistoryAs === undefined) await branch.assertWholeHistory(base, signal);
    if (history?.action !== 'history.diverged') {
      const entry = await this.#write('history.diverged', head, 'halyard sync');
      onEvent({ type: 'diverged', project, entry, commit: head, base });
      this.#toldDiverged = head;
    } else if (acceptHistoryAs === undefined) {
      // The entry's commit may have been rewritten since; then it is the present head that can be accepted.
      const commit = (await branch.holds(history.commit, head, signal)) ? history.commit : head;
      if (this.#toldDiverged !== commit)
        onEvent({ type: 'diverged', project, entry: history.entry, commit, base });
      this.#toldDiverged = commit;
    }
    if (acceptHistoryAs === undefined) return false;
    const entry = await this.#write('history.accepted', head, acceptHistoryAs);
    onEvent({ type: 'accepted', project, entry, commit: head });
    return true;
  }

  async #write(
    action: 'history.diverged' | 'history.accepted',
    commit: string,
    actor: string,
  ): Promise<number> {
    const { pool, source, now } = this.#options;
    if (!this.#applied) throw new Error('only a project that is known can diverge');
    const { head } = this.#applied;
    const content = historyContent(head, action, commit, { actor, at: new Date(now()).toISOString() });
    const { entry } = await applyEntry(pool, source, head.lastEntry, content);
    this.#applied = await readApplied(pool, head.project);
    return entry;
  }
}
