// A repository's commits as they are judged: which come after one, the definitions' files of each, and who signed.
import { limits, type SourceFile } from '../definitions/source-file.ts';
import type { Commit } from '../git/commit.ts';
import {
  assertWholeHistory,
  commitsAfter,
  hasCommit,
  isAncestor,
  mergedCommits,
  readCommits,
  treesBefore,
  treesUnder,
} from '../git/history.ts';
import type { ObjectStore } from '../git/objects.ts';
import { type SigningKeys, type VerifiedSignature, verifyCommits } from '../git/signatures.ts';
import { TreeReader } from '../git/tree.ts';

/** A commit with the tree that it has under the path; undefined where the path is not in it. */
export interface Candidate extends Commit {
  definitionsTree: string | undefined;
  /** It has one parent, and changes no file of the repository at all: all that it is for is its signature. */
  isEmpty: boolean;
}

/** Puts a question to the repository. */
export type Ask = <T>(question: (store: ObjectStore) => Promise<T>, signal?: AbortSignal) => Promise<T>;

export class Commits {
  readonly #ask: Ask;
  readonly #path: string;
  readonly #reader = new TreeReader(limits, (path) => /\.ya?ml$/i.test(path));
  #judged: { commit: string; tree: string | undefined } | undefined;

  /** @param path where the definitions are; empty for the root */
  constructor(ask: Ask, path: string) {
    this.#ask = ask;
    this.#path = path;
  }

  /** Whether a commit is the head or comes before it. */
  holds(commit: string, head: string, signal: AbortSignal): Promise<boolean> {
    return this.#ask((store) => isAncestor(store, commit, head), signal);
  }

  has(commit: string, signal: AbortSignal): Promise<boolean> {
    return this.#ask((store) => hasCommit(store, commit), signal);
  }

  /** Throws UnreachableError where the branch may hold a commit that it does not seem to hold, since it is a shallow clone's. */
  assertWholeHistory(missing: string, signal: AbortSignal): Promise<void> {
    return this.#ask((store) => assertWholeHistory(store, missing), signal);
  }

  /** The commits to judge after `base`, oldest first, and `base` itself where it is asked for. */
  async candidatesAfter(
    base: { commit: string; itself: boolean },
    head: string,
    signal: AbortSignal,
  ): Promise<Candidate[]> {
    const after = await this.#ask((store) => commitsAfter(store, base.commit, head), signal);
    return this.#candidates(base.itself ? [base.commit, ...after] : after, signal);
  }

  async candidate(commit: string, signal: AbortSignal): Promise<Candidate> {
    const [only] = await this.#candidates([commit], signal);
    if (!only) throw new Error('one commit was asked for');
    return only;
  }

  files({ definitionsTree }: Candidate, signal: AbortSignal): Promise<SourceFile[]> {
    return this.#ask((store) => this.#reader.read(store, definitionsTree), signal);
  }

  /** What is found of the commits' signatures, in their order. Throws UnreachableError where a program for it is missing. */
  verify(commits: readonly string[], keys: SigningKeys, signal: AbortSignal): Promise<VerifiedSignature[]> {
    return this.#ask((store) => verifyCommits(store, commits, keys), signal);
  }

  /** The commits that a merge brings in and that touch the definitions: the first `most` of them, and how many more there are. */
  async mergedBy(
    { id }: Commit,
    most: number,
    signal: AbortSignal,
  ): Promise<{ commits: Commit[]; more: number }> {
    return this.#ask(async (store) => {
      const { commits, more } = await mergedCommits(store, id, this.#path, most);
      return { commits: await readCommits(store, commits), more };
    }, signal);
  }

  /** Whether a commit's definitions are those of the last judged one. False where the repository does not have that. */
  async isLike(candidate: Candidate, lastJudged: string, signal: AbortSignal): Promise<boolean> {
    if (this.#judged?.commit !== lastJudged) {
      if (!(await this.has(lastJudged, signal))) return false;
      const [tree] = await this.#ask((store) => treesUnder(store, [lastJudged], this.#path), signal);
      this.#judged = { commit: lastJudged, tree };
    }
    return this.#judged.tree === candidate.definitionsTree;
  }

  async #candidates(ids: readonly string[], signal: AbortSignal): Promise<Candidate[]> {
    const commits = await this.#ask((store) => readCommits(store, ids), signal);
    const trees = await this.#ask((store) => treesUnder(store, ids, this.#path), signal);
    const before = await this.#ask((store) => treesBefore(store, commits), signal);
    return commits.map((commit, index) => ({
      ...commit,
      definitionsTree: trees[index],
      isEmpty: commit.tree === before[index],
    }));
  }
}
