// Derives the entries of commits: reads what git says about each, and asks whether it was the one to be judged.
import type { Queryable } from '../../db/pool.ts';
import { type Loaded, loadDefinitions } from '../../definitions/load.ts';
import { assertWholeHistory, hasCommit, isAncestor, mergedCommits, readCommits } from '../../git/history.ts';
import { verifyText } from '../../git/ssh-signature.ts';
import { type Break, broken } from '../break.ts';
import { type CommitContent, type HistoryContent, MOST_MERGED } from '../content.ts';
import { type Base, BranchLine } from './branch-line.ts';
import { type CommitFacts, deriveCommit } from './commit-entry.ts';
import type { Outcome } from './outcome.ts';
import type { Verified } from './people.ts';
import { CommitReader, type ReadCommit } from './reader.ts';
import type { OpenRepository } from './repository.ts';
import { SignatureVerifier } from './signature-verifier.ts';
import type { State } from './state.ts';
import { Upcoming } from './upcoming.ts';
import { JUDGED_VERSION } from './version.ts';

/** Of an approval; the namespace of its signature. */
const APPROVAL_NAMESPACE = 'halyard-approval';

export class CommitDerivation {
  readonly #repository: OpenRepository;
  readonly #reader: CommitReader;
  readonly #line: BranchLine;
  readonly #verifier: SignatureVerifier;
  readonly #upcoming: Upcoming;
  /** What was parsed last, so that only changed files are parsed. */
  #loaded: Loaded | undefined;
  /** The definitions' tree of the last judged commit; absent where that is gone. */
  #lastTree: Base['tree'];
  /** The last judged commit is not there. */
  #isGone = false;
  #approvals = 0;
  pending = 0;

  private constructor(repository: OpenRepository, upcoming: Upcoming) {
    const { ask, path, head } = repository;
    this.#repository = repository;
    this.#reader = new CommitReader(ask, path);
    this.#line = new BranchLine(ask, this.#reader, head);
    this.#verifier = new SignatureVerifier(ask);
    this.#upcoming = upcoming;
  }

  static async start(
    connection: Queryable,
    project: string,
    repository: OpenRepository,
  ): Promise<CommitDerivation> {
    return new CommitDerivation(repository, await Upcoming.of(connection, project));
  }

  /** The signatures that were verified. */
  get signatures(): number {
    return this.#verifier.verified + this.#approvals;
  }

  async derive(stored: CommitContent, state: State): Promise<Outcome> {
    await this.#upcoming.moveTo(stored.entry);
    const read = await this.#reader.read(stored.commit, () => this.#upcoming.commits());
    if (read === undefined) return this.#gone(stored);
    const fault = await this.#placeFault(read, state);
    if (fault !== undefined) return { fault };
    const facts = await this.#factsOf(read, stored, state);
    const { content, rows, isPartly } = deriveCommit(state, facts, stored);
    this.#loaded = facts.loaded;
    this.#lastTree = { oid: read.tree };
    this.#isGone = false;
    return { content, ...(rows && { rows }), ...(isPartly && { isUnderivable: true }) };
  }

  /** What is to be said when the last entry is done: whether the branch still holds what was judged, and what is not judged yet. */
  async finish(state: State): Promise<Break | undefined> {
    const base = state.accepted ?? state.lastJudged;
    if (base === undefined) return undefined;
    if (!(await this.#line.holds(base))) {
      return broken(
        'diverged-from-git',
        `the branch no longer holds ${base}, the commit that was judged last`,
        state.entry,
      );
    }
    this.pending = await this.#line.differingAfter(base, this.#lastTree?.oid);
    return undefined;
  }

  /**
   * A branch that holds the commit that was judged last has lost nothing. A head that was forced onto the branch, and taken
   * off it again, is in no clone: what it held is taken as recorded.
   */
  async historyFault({ action, base, commit }: HistoryContent): Promise<{ fault?: string }> {
    if (action !== 'history.diverged') return {};
    const isHeld = await this.#repository.ask(
      async (store) => (await hasCommit(store, commit)) && isAncestor(store, base, commit),
    );
    return isHeld ? { fault: `${commit} holds ${base}, so nothing had diverged` } : {};
  }

  /** A history that was rewritten may have lost its commits, if that was accepted. */
  async #gone({ entry, commit }: CommitContent): Promise<Outcome> {
    await this.#repository.ask((store) => assertWholeHistory(store, commit));
    this.#lastTree = undefined;
    this.#isGone = true;
    if (entry < this.#upcoming.lastAccepted) return { isUnderivable: true };
    return { fault: `the repository has no commit ${commit}` };
  }

  async #placeFault({ commit, tree }: ReadCommit, state: State): Promise<string | undefined> {
    const commitBefore = state.accepted ?? state.lastJudged;
    if (commitBefore === undefined) return undefined;
    if (state.accepted === undefined && this.#isGone)
      return `it comes after ${commitBefore}, which the repository has not, and a commit brings its whole history along`;
    const base: Base = {
      commit: commitBefore,
      ...(this.#lastTree && { tree: this.#lastTree }),
      isAccepted: state.accepted !== undefined,
      mayBeJudgedAgain: state.mayBeJudgedAgain,
    };
    return this.#line.faultOf(base, { id: commit.id, tree }, this.#upcoming.furthest ?? commit.id);
  }

  async #factsOf(read: ReadCommit, stored: CommitContent, state: State): Promise<CommitFacts> {
    const { commit, tree, files } = read;
    const isJudged = stored.v >= JUDGED_VERSION;
    const { policy } = state;
    const verified = isJudged
      ? await this.#verifier.verify(commit.id, () => this.#upcoming.commits(), policy)
      : ({ status: 'unsigned' } as const);
    return {
      commit,
      tree,
      files,
      loaded: loadDefinitions(files, this.#loaded),
      verified,
      evidence: isJudged ? await this.#approvalsIn(stored) : [],
      ...(isJudged ? await this.#mergedBy(read, state) : { merged: [], mergedMore: 0 }),
    };
  }

  async #approvalsIn({ evidence }: CommitContent): Promise<Verified[]> {
    const found: Verified[] = [];
    for (const piece of evidence) {
      if (piece.kind !== 'approval') continue;
      this.#approvals += 1;
      found.push(await verifyText({ text: piece.statement, namespace: APPROVAL_NAMESPACE }, piece.signature));
    }
    return found;
  }

  async #mergedBy(
    { commit }: ReadCommit,
    { policy }: State,
  ): Promise<Pick<CommitFacts, 'merged' | 'mergedMore'>> {
    if (commit.parents.length < 2) return { merged: [], mergedMore: 0 };
    const { ask, path } = this.#repository;
    const { commits: ids, more } = await ask((store) => mergedCommits(store, commit.id, path, MOST_MERGED));
    const commits = await ask((store) => readCommits(store, ids));
    const verified = await this.#verifier.verifyAll(ids, policy);
    const merged = commits.map((each, index) => ({
      commit: each,
      verified: verified[index] ?? ({ status: 'unsigned' } as const),
    }));
    return { merged, mergedMore: more };
  }
}
