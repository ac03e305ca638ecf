// Brings the database to the head of a branch, one trip at a time: fetch, judge each new commit, apply it with its entry.
import type { ProjectSource } from '../audit/store.ts';
import type { Pool } from '../db/pool.ts';
import type { Loaded } from '../definitions/load.ts';
import { limits } from '../definitions/source-file.ts';
import { commitsAfter, hasCommit, isAncestor, readCommits, treesUnder } from '../git/history.ts';
import type { Mirror } from '../git/mirror.ts';
import { TreeReader } from '../git/tree.ts';
import { type Applied, findProject, readApplied } from './applied.ts';
import { applyEntry, BaseMovedError } from './apply.ts';
import type { SyncEvent, TripOutcome } from './event.ts';
import { baseOf, historyContent } from './history.ts';
import { type CommitFacts, judgeCommit, projectKeyOf } from './judge.ts';
import { type PendingEntry, recordJudgement, wasWritten } from './record.ts';

export interface ProjectSyncOptions {
  pool: Pool;
  mirror: Mirror;
  /** As the database keeps it: the repository's name without secrets, the path (empty: the root) and the branch. */
  source: ProjectSource;
  /** Accept a rewritten history, in this actor's name, where there is nobody to ask. */
  acceptHistoryAs?: string;
  onEvent: (event: SyncEvent) => void;
  /** The clock, in epoch milliseconds; it dates entries about history alone. */
  now: () => number;
}

/** A commit with the tree that it has under the path; undefined where the path is not in it. */
interface Candidate extends CommitFacts {
  definitionsTree: string | undefined;
}

export class ProjectSync {
  readonly #options: ProjectSyncOptions;
  readonly #reader = new TreeReader(limits, (path) => /\.ya?ml$/i.test(path));
  #applied: Applied | undefined;
  /** What was parsed last, so that only changed files are parsed. */
  #loaded: Loaded | undefined;
  /** The tree of the last judged commit, if it is known here. */
  #judgedTree: { commit: string; tree: string | undefined } | undefined;
  /** The head at which nothing is left to do, and what was found there, as of an entry. */
  #settled: { commit: string; entry: number; outcome: TripOutcome } | undefined;
  #pending: PendingEntry | undefined;
  #pinned: string | undefined;
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
    const head = await this.#options.mirror.fetchHead(signal);
    const settled = this.#settled;
    if (settled && settled.commit === head && settled.entry === (this.#applied?.head.lastEntry ?? 0))
      return settled.outcome;
    const outcome = await this.#catchUp(head, signal);
    this.#settled = { commit: head, entry: this.#applied?.head.lastEntry ?? 0, outcome };
    return outcome;
  }

  /** Forgets what it knows of the database, after an error that leaves it in doubt. */
  forget(): void {
    this.#applied = undefined;
    this.#settled = undefined;
  }

  /** Reads the database again, unless its last entry is the one that is known. */
  async #readBase(): Promise<void> {
    const { pool, source, onEvent } = this.#options;
    const known = this.#applied?.head;
    const found = await findProject(pool, known ? { key: known.project } : { source });
    if (known && found?.lastEntry === known.lastEntry) return;
    this.#applied = found && (await readApplied(pool, found.key));
    if (!this.#pending) return;
    if (this.#applied && (await wasWritten(pool, this.#pending))) onEvent(this.#pending.event);
    this.#pending = undefined;
  }

  async #catchUp(head: string, signal: AbortSignal): Promise<TripOutcome> {
    this.#applied ??= await this.#adopt(head, signal);
    if (!this.#applied) return this.#judgeFirst(head, signal);
    const base = baseOf(this.#applied.head);
    if (base && !(await this.#ask((store) => isAncestor(store, base.commit, head), signal))) {
      if (!(await this.#diverged(head))) return 'diverged';
      return this.#catchUp(head, signal);
    }
    const ids = base ? await this.#ask((store) => commitsAfter(store, base.commit, head), signal) : [head];
    if (base?.accepted) ids.unshift(base.commit);
    for (const candidate of await this.#candidates(ids, signal)) {
      signal.throwIfAborted();
      if (await this.#isUnchanged(candidate, signal)) continue;
      await this.#judge(candidate, signal);
    }
    await this.#pin(signal);
    return this.#applied.lastAction === 'commit.rejected' ? 'rejected' : 'applied';
  }

  /** The project that the head names, if the database has it already, from another address of the repository. */
  async #adopt(head: string, signal: AbortSignal): Promise<Applied | undefined> {
    const [candidate] = await this.#candidates([head], signal);
    const key = candidate && projectKeyOf(await this.#files(candidate, signal));
    return key === undefined ? undefined : readApplied(this.#options.pool, key);
  }

  /** The initial import is the head alone, as one revision. */
  async #judgeFirst(head: string, signal: AbortSignal): Promise<TripOutcome> {
    const [candidate] = await this.#candidates([head], signal);
    if (!candidate) throw new Error('the head is a commit');
    const files = await this.#files(candidate, signal);
    const project = projectKeyOf(files);
    if (project === undefined) {
      const judgement = judgeCommit(
        candidate,
        files,
        { rows: new Map(), overrides: new Map() },
        this.#loaded,
      );
      this.#loaded = judgement.loaded;
      const problems = judgement.type === 'rejected' ? judgement.problems : [];
      this.#options.onEvent({ type: 'unnamed', commit: head, problems });
      return 'unnamed';
    }
    const { source } = this.#options;
    this.#applied = {
      head: { project, ...source, lastEntry: 0, lastHash: '', lastRevision: 0 },
      rows: new Map(),
      overrides: new Map(),
      rejected: [],
    };
    await this.#judge(candidate, signal);
    await this.#pin(signal);
    return this.#applied.lastAction === 'commit.rejected' ? 'rejected' : 'applied';
  }

  async #judge(candidate: Candidate, signal: AbortSignal): Promise<void> {
    const { pool, source, onEvent } = this.#options;
    const applied = this.#mustBeApplied();
    const files = await this.#files(candidate, signal);
    const { definitionsTree, ...commit } = candidate;
    const judgement = judgeCommit(commit, files, { ...applied, project: applied.head.project }, this.#loaded);
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
    this.#applied = recorded.applied;
    this.#judgedTree = { commit: commit.id, tree: definitionsTree };
    onEvent(recorded.event);
  }

  /** Writes what is to be said of a history that was rewritten. True when sync may go on. */
  async #diverged(head: string): Promise<boolean> {
    const { acceptHistoryAs, onEvent } = this.#options;
    const { head: known } = this.#mustBeApplied();
    const project = known.project;
    if (known.history?.action !== 'history.diverged') {
      const entry = await this.#write('history.diverged', head, 'halyard sync');
      onEvent({ type: 'diverged', project, entry, commit: head, base: known.lastJudgedCommit ?? '' });
    } else if (this.#toldDiverged !== head && acceptHistoryAs === undefined) {
      const { entry, commit } = known.history;
      onEvent({ type: 'diverged', project, entry, commit, base: known.lastJudgedCommit ?? '' });
    }
    this.#toldDiverged = head;
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
    const { head } = this.#mustBeApplied();
    const content = historyContent(head, action, commit, { actor, at: new Date(now()).toISOString() });
    const { entry } = await applyEntry(pool, source, head.lastEntry, content);
    this.#applied = await readApplied(pool, head.project);
    return entry;
  }

  async #candidates(ids: readonly string[], signal: AbortSignal): Promise<Candidate[]> {
    const { path } = this.#options.source;
    const commits = await this.#ask((store) => readCommits(store, ids), signal);
    const trees = await this.#ask((store) => treesUnder(store, ids, path), signal);
    return commits.map((commit, index) => ({ ...commit, definitionsTree: trees[index] }));
  }

  /** Whether the definitions are those of the last judged commit: then there is nothing to judge. */
  async #isUnchanged(candidate: Candidate, signal: AbortSignal): Promise<boolean> {
    const last = this.#mustBeApplied().head.lastJudgedCommit;
    if (last === undefined) return false;
    if (this.#judgedTree?.commit !== last) {
      const { path } = this.#options.source;
      const known = await this.#ask((store) => hasCommit(store, last), signal);
      if (!known) return false;
      const [tree] = await this.#ask((store) => treesUnder(store, [last], path), signal);
      this.#judgedTree = { commit: last, tree };
    }
    return this.#judgedTree.tree === candidate.definitionsTree;
  }

  async #files(candidate: Candidate, signal: AbortSignal) {
    return this.#ask((store) => this.#reader.read(store, candidate.definitionsTree), signal);
  }

  /** Keeps the last judged commit in the mirror, whatever the branch does later. */
  async #pin(signal: AbortSignal): Promise<void> {
    const last = this.#mustBeApplied().head.lastJudgedCommit;
    if (last === undefined || last === this.#pinned) return;
    if (!(await this.#ask((store) => hasCommit(store, last), signal))) return;
    const before = this.#pinned;
    const follows =
      before !== undefined && (await this.#ask((store) => isAncestor(store, before, last), signal));
    await this.#options.mirror.pin(last, follows ? before : undefined, signal);
    this.#pinned = last;
  }

  #mustBeApplied(): Applied {
    if (!this.#applied) throw new Error('the project is known by now');
    return this.#applied;
  }

  #ask: Mirror['ask'] = (question, signal) => this.#options.mirror.ask(question, signal);
}
