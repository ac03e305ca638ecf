// The line of commits that sync follows: whether a judged commit is the one that was to be judged next.
import {
  commitsAfter,
  firstParents,
  hasCommit,
  isAncestor,
  readCommits,
  treesUnder,
} from '../../git/history.ts';
import type { Ask, CommitReader } from './reader.ts';

/** How many trees of the line are looked up at once. */
const TREES_AT_ONCE = 5_000;

/** Where a chain stands before its next commit. */
export interface Base {
  commit: string;
  /** The tree of the definitions that were judged last; absent where that commit is gone. */
  tree?: { oid: string | undefined };
  /** `commit` is a head that was accepted, so it is itself the first to be judged after it. */
  isAccepted: boolean;
  /** The last judged definitions were rejected, and may be judged again: of the same commit or of another one. */
  mayBeJudgedAgain: boolean;
}

/** A commit with its definitions' tree. */
interface Passed {
  id: string;
  tree: string | undefined;
}

export class BranchLine {
  readonly #ask: Ask;
  readonly #reader: CommitReader;
  readonly #head: string;
  /** The first parents of a head, oldest first, and the place of each. */
  #line: string[] = [];
  #places = new Map<string, number>();
  #trees = { from: 0, oids: [] as (string | undefined)[] };

  /** @param head the branch's head, as it is in the repository now */
  constructor(ask: Ask, reader: CommitReader, head: string) {
    this.#ask = ask;
    this.#reader = reader;
    this.#head = head;
  }

  /** Whether the branch holds a commit. */
  holds(commit: string): Promise<boolean> {
    return this.#ask((store) => isAncestor(store, commit, this.#head));
  }

  /**
   * Why a commit is not the one to be judged after `base`; undefined where it is.
   * @param tree its definitions' tree
   * @param later a commit that was judged later, on whose line this one may be, for histories that are no longer the branch's
   */
  async faultOf(base: Base, commit: Passed, later: string): Promise<string | undefined> {
    if (commit.id === base.commit && !base.isAccepted)
      return base.mayBeJudgedAgain ? undefined : 'it was judged already';
    const between = await this.#between(base, commit.id, later);
    if (between === undefined) return `it does not come after ${short(base.commit)}, which was judged last`;
    if (base.tree === undefined) return undefined;
    const last = base.tree.oid;
    for (const { id, tree } of between) {
      if (tree !== last) return `${short(id)} before it has other definitions, and was not judged`;
    }
    if (commit.tree !== last) return undefined;
    if (!base.mayBeJudgedAgain)
      return 'its definitions are those that were judged last, so there was nothing to judge';
    if (commit.id === base.commit || (await this.#isEmpty(commit.id))) return undefined;
    return 'it has the definitions that were refused and changes something else, so it cannot answer for them';
  }

  /** Whether a commit changes nothing at all of its only parent. */
  async #isEmpty(id: string): Promise<boolean> {
    return this.#ask(async (store) => {
      const [commit] = await readCommits(store, [id]);
      const [parent, ...others] = commit?.parents ?? [];
      if (parent === undefined || others.length > 0) return false;
      const [before] = await treesUnder(store, [parent], '');
      return before === commit?.tree;
    });
  }

  /** How many commits that the branch has after one have other definitions than the one before. */
  async differingAfter(commit: string, tree: string | undefined): Promise<number> {
    const trees = await this.#reader.treesOf(
      await this.#ask((store) => commitsAfter(store, commit, this.#head)),
    );
    return trees.filter((oid, index) => oid !== (index === 0 ? tree : trees[index - 1])).length;
  }

  /** The commits to be judged before another one; undefined where that one is not to be judged at all. */
  async #between(base: Base, commit: string, later: string): Promise<Passed[] | undefined> {
    const onLine = await this.#onLine(base.commit, commit, later);
    if (onLine) return base.isAccepted ? onLine : onLine.slice(1);
    if (base.isAccepted && commit === base.commit) return [];
    // A history may be accepted at what is no commit; what comes after a commit brings that along.
    if (!(await this.#ask((store) => hasCommit(store, base.commit)))) return undefined;
    const after = await this.#ask((store) => commitsAfter(store, base.commit, commit));
    if (after.at(-1) !== commit) return undefined;
    const ids = [...(base.isAccepted ? [base.commit] : []), ...after.slice(0, -1)];
    const trees = await this.#reader.treesOf(ids);
    return ids.map((id, index) => ({ id, tree: trees[index] }));
  }

  /** The line from one commit up to another, without that; undefined where they are not on one line that is known. */
  async #onLine(from: string, to: string, later: string): Promise<Passed[] | undefined> {
    const isKnown = () => this.#places.has(from) && this.#places.has(to);
    if (!isKnown() && this.#line.length === 0) await this.#read(this.#head);
    if (!isKnown() && !this.#places.has(later)) await this.#read(later);
    const start = this.#places.get(from);
    const end = this.#places.get(to);
    if (start === undefined || end === undefined || start > end) return undefined;
    if (start === end) return [];
    const found: Passed[] = [];
    for (let at = start; at < end; at++)
      found.push({ id: this.#line[at] ?? '', tree: await this.#treeAt(at) });
    return found;
  }

  async #read(head: string): Promise<void> {
    this.#line = (await this.#ask((store) => firstParents(store, head))).reverse();
    this.#places = new Map(this.#line.map((id, place) => [id, place]));
    this.#trees = { from: 0, oids: [] };
  }

  async #treeAt(place: number): Promise<string | undefined> {
    const { from, oids } = this.#trees;
    if (place < from || place >= from + oids.length) {
      const some = this.#line.slice(place, place + TREES_AT_ONCE);
      this.#trees = { from: place, oids: await this.#reader.treesOf(some) };
    }
    return this.#trees.oids[place - this.#trees.from];
  }
}

function short(commit: string): string {
  return commit.slice(0, 10);
}
