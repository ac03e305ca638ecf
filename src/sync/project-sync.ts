// Brings the database to the head of a branch, one trip at a time: fetch, judge each new commit, apply it with its entry.
import type { Judged } from './access.ts';
import { type Applied, findProject, nothingApplied, readApplied } from './applied.ts';
import { BaseMovedError } from './apply.ts';
import type { Candidate } from './commits.ts';
import { Divergence, type DivergenceOptions } from './divergence.ts';
import type { TripOutcome } from './event.ts';
import { withoutUsed } from './evidence/unused.ts';
import type { GatherEvidence } from './evidence.ts';
import { baseOf } from './history.ts';
import { Judge, type Turn } from './judging.ts';
import { type PendingEntry, recordJudgement, wasWritten } from './record.ts';
import {
  awaitsApproval,
  hasEntry,
  isAcceptedHead,
  isJudgedAgain,
  mayAnswer,
  mayBeMended,
} from './rejudge.ts';

export interface ProjectSyncOptions extends DivergenceOptions {
  /** Where approvals and a forge's records come from. */
  gather: GatherEvidence;
}

export class ProjectSync {
  readonly #options: ProjectSyncOptions;
  readonly #judge: Judge;
  readonly #divergence: Divergence;
  #applied: Applied | undefined;
  /** The head at which nothing is left to do, and what was found there, as of an entry. */
  #settled: { commit: string; entry: number; outcome: TripOutcome } | undefined;
  #pending: PendingEntry | undefined;
  /** The commits that were listed last: while a head waits for approval, each trip goes over them again. */
  #line: { range: string; candidates: readonly Candidate[] } | undefined;
  /** Commits with refused definitions that were judged and have no entry, as long as the last entry and the evidence are what they were. */
  #passedOver = { at: '', commits: new Set<string>() };

  constructor(options: ProjectSyncOptions) {
    this.#options = options;
    this.#judge = new Judge(options.branch, withoutUsed(options.gather, options.pool));
    this.#divergence = new Divergence(options);
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
    const isSettled = settled?.commit === head && settled.entry === this.#lastEntry;
    if (isSettled && !(settled.outcome === 'rejected' && this.#awaitsApproval)) return settled.outcome;
    const outcome = await this.#catchUp(head, signal);
    this.#settled = { commit: head, entry: this.#lastEntry, outcome };
    return outcome;
  }

  /** Forgets what it knows of the database, after an error that leaves it in doubt. */
  forget(): void {
    this.#applied = undefined;
    this.#settled = undefined;
    this.#line = undefined;
  }

  get #lastEntry(): number {
    return this.#applied?.head.lastEntry ?? 0;
  }

  /** Whether evidence may come for the last judged commit. */
  get #awaitsApproval(): boolean {
    const rejected = this.#applied?.rejected;
    return rejected !== undefined && awaitsApproval(rejected);
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
    const candidates = await this.#candidates(applied, head, signal);
    if (!candidates) {
      const { applied: known, isAccepted } = await this.#divergence.settle(applied, head, signal);
      this.#applied = known;
      return isAccepted ? this.#catchUp(head, signal) : 'diverged';
    }
    this.#divergence.isOver();
    this.#judge.begin();
    for (const [at, candidate] of candidates.entries()) {
      signal.throwIfAborted();
      const { lastJudgedCommit } = this.#applied.head;
      const isLike =
        lastJudgedCommit !== undefined && (await branch.isLike(candidate, lastJudgedCommit, signal));
      this.#applied = await this.#take({ candidate, at, candidates, isLike }, this.#applied, signal);
    }
    const { rejected, head: reached } = this.#applied;
    if (reached.lastJudgedCommit !== undefined) await branch.pin(reached.lastJudgedCommit, signal);
    return rejected ? 'rejected' : 'applied';
  }

  /** The commits to judge up to the head, oldest first; undefined where the branch does not hold what was judged last. */
  async #candidates(
    { head: known, rejected }: Applied,
    head: string,
    signal: AbortSignal,
  ): Promise<readonly Candidate[] | undefined> {
    const { branch } = this.#options;
    const base = baseOf(known);
    // The initial import is the head alone.
    if (!base) return [await branch.candidate(head, signal)];
    const itself = base.accepted || isJudgedAgain(rejected, known.lastEntry);
    const range = `${base.commit} ${head} ${itself}`;
    if (this.#line?.range === range) return this.#line.candidates;
    if (!(await branch.holds(base.commit, head, signal))) return undefined;
    const candidates = await branch.candidatesAfter({ commit: base.commit, itself }, head, signal);
    this.#line = { range, candidates };
    return candidates;
  }

  /** The project that the head names: one that the database has from another address, or a new one. */
  async #adopt(head: string, signal: AbortSignal): Promise<Applied | undefined> {
    const { branch, pool, source, onEvent } = this.#options;
    const { key, problems } = await this.#judge.nameOf(await branch.candidate(head, signal), signal);
    if (key !== undefined) return (await readApplied(pool, key)) ?? nothingApplied(key, source);
    onEvent({ type: 'unnamed', commit: head, problems });
    return undefined;
  }

  /**
   * Judges and records a commit, unless it is passed over. Commits with the definitions of the last judged one are, except
   * those that may answer (`mayAnswer`) for what the policy refused. Resolves to what is applied then.
   */
  async #take(turn: Turn, applied: Applied, signal: AbortSignal): Promise<Applied> {
    const { candidate, isLike } = turn;
    if (!isLike) {
      const { judged, incomplete } = await this.#judge.judge(turn, applied, signal);
      // No outage of a forge becomes a refusal.
      if (incomplete) throw incomplete;
      return this.#record(turn, applied, judged, signal);
    }
    const { rejected, head } = applied;
    if (!rejected || !mayBeMended(rejected, head.lastEntry)) return applied;
    if (!mayAnswer(candidate, rejected, head)) return applied;
    const isItself = candidate.id === rejected.commit && awaitsApproval(rejected);
    if (isItself ? !(await this.#judge.hasNews(turn, applied, signal)) : this.#isPassedOver(candidate, head))
      return applied;
    const { judged, incomplete } = await this.#judge.judge(turn, applied, signal);
    // It stays refused until the forge answers, and keeps nothing after it from being judged.
    if (incomplete) return applied;
    // An operator's word makes it the commit that waits for approval: the refused one is no longer on the branch.
    const isTaken = isAcceptedHead(candidate.id, head) && awaitsApproval(rejected);
    if (isTaken || hasEntry(judged, rejected)) return this.#record(turn, applied, judged, signal);
    this.#passedOver.commits.add(candidate.id);
    return applied;
  }

  #isPassedOver({ id }: Candidate, { lastHash }: Applied['head']): boolean {
    const at = lastHash + JSON.stringify(this.#judge.evidence);
    if (this.#passedOver.at !== at) this.#passedOver = { at, commits: new Set() };
    return this.#passedOver.commits.has(id);
  }

  async #record(turn: Turn, applied: Applied, judged: Judged, signal: AbortSignal): Promise<Applied> {
    const { pool, source, onEvent } = this.#options;
    const whole = { ...judged, ...(await this.#judge.merged(turn, applied, signal)) };
    const sent = (pending: PendingEntry): void => {
      this.#pending = pending;
    };
    const recorded = await recordJudgement(pool, source, applied, whole, sent).catch((error: unknown) => {
      // Then it is known that the entry was not written by us, though another sync may have written the very same.
      if (error instanceof BaseMovedError) this.#pending = undefined;
      throw error;
    });
    this.#pending = undefined;
    onEvent(recorded.event);
    return recorded.applied;
  }
}
