// Reads many commits with their definitions' files, a window at a time: what did not change from one to the next is read once.
import { limits, type SourceFile } from '../../definitions/source-file.ts';
import { type Commit, parseCommit } from '../../git/commit.ts';
import { mapCommits, treesUnder } from '../../git/history.ts';
import { lookUpObjects, type ObjectStore, readObjects } from '../../git/objects.ts';
import { TreeReader } from '../../git/tree.ts';
import { TreeFiles } from './tree-files.ts';
import { isYaml } from './tree-node.ts';

/** A commit as it is in the repository. */
export interface ReadCommit {
  commit: Commit;
  /** The tree of the definitions' folder; undefined where the commit has none. */
  tree: string | undefined;
  files: readonly SourceFile[];
}

/** So many commits are looked up at once; fewer are read whole where they are large. */
const WINDOW = 4_000;
/** What the objects of a window come to at most. A commit that has more is read by itself. */
const WINDOW_BYTES = 32 * 1024 * 1024;

interface Head {
  id: string;
  commit: Commit;
  tree: string | undefined;
}

/** Runs a question to a mirror. */
export type Ask = <T>(question: (store: ObjectStore) => Promise<T>) => Promise<T>;

export class CommitReader {
  readonly #ask: Ask;
  readonly #path: string;
  /** For what is out of the ordinary: the reader that sync has. */
  readonly #careful = new TreeReader(limits, isYaml);
  readonly #files = new TreeFiles();
  #heads = new Map<string, Head | undefined>();
  #ready = new Set<string>();

  /** @param path where the definitions are; empty for the root */
  constructor(ask: Ask, path: string) {
    this.#ask = ask;
    this.#path = path;
  }

  /**
   * Undefined for a commit that is not there.
   * @param next the commits that will be asked for after it, in their order
   */
  async read(id: string, next: () => readonly string[]): Promise<ReadCommit | undefined> {
    if (!this.#heads.has(id)) await this.#readHeads([...new Set([id, ...next().slice(0, WINDOW)])]);
    const head = this.#heads.get(id);
    if (head === undefined) return undefined;
    const { commit, tree } = head;
    if (tree === undefined) return { commit, tree, files: [] };
    if (!this.#ready.has(id)) await this.#readWindow(id);
    const files = this.#ready.has(id) ? this.#files.of(tree) : undefined;
    return { commit, tree, files: files ?? (await this.#ask((store) => this.#careful.read(store, tree))) };
  }

  /** The tree that each commit has under the path. */
  async treesOf(ids: readonly string[]): Promise<(string | undefined)[]> {
    const trees: (string | undefined)[] = [];
    for (let at = 0; at < ids.length; at += WINDOW) {
      const some = ids.slice(at, at + WINDOW);
      trees.push(...(await this.#ask((store) => treesUnder(store, some, this.#path))));
    }
    return trees;
  }

  async #readHeads(ids: readonly string[]): Promise<void> {
    const commits = await this.#ask((store) => mapCommits(store, ids, parseCommit));
    const trees = await this.treesOf(ids);
    this.#ready.clear();
    this.#heads = new Map(
      ids.map((id, index) => {
        const commit = commits.get(id);
        return [id, commit && { id, commit, tree: trees[index] }];
      }),
    );
  }

  /** Reads the objects of as many commits as fit, from this one on. */
  async #readWindow(id: string): Promise<void> {
    const heads = [...this.#heads.values()].filter((head) => head?.tree !== undefined) as Head[];
    let trees = heads.slice(heads.findIndex((head) => head.id === id)).map(({ tree = '' }) => tree);
    const before = trees.length;
    this.#files.forget();
    for (;;) {
      const needs = trees.map((tree) => this.#files.unknownTrees(tree));
      if (needs.every((oids) => oids.length === 0)) break;
      trees = await this.#load(trees, needs, Number.POSITIVE_INFINITY, (oid, content) =>
        this.#files.addTree(oid, content),
      );
    }
    const needs = trees.map((tree) => this.#files.unknownFiles(tree));
    await this.#fetchMissing(trees, needs);
    trees = await this.#load(trees, needs, limits.fileBytes, (oid, content) =>
      this.#files.addFile(oid, content),
    );
    const from = heads.length - before;
    this.#ready = new Set(heads.slice(from, from + trees.length).map((head) => head.id));
  }

  /** Reads what trees need, as many of them as fit, and resolves to those. An object of more bytes than `most` fits nowhere. */
  async #load(
    trees: readonly string[],
    needs: readonly (readonly string[])[],
    most: number,
    add: (oid: string, content: Buffer) => void,
  ): Promise<string[]> {
    const wanted = [...new Set(needs.flat())];
    const found = await this.#ask((store) => lookUpObjects(store, wanted));
    const sizes = new Map(wanted.map((oid, index) => [oid, found[index]?.size ?? Number.POSITIVE_INFINITY]));
    const taken = new Set<string>();
    let bytes = 0;
    let fitting = 0;
    for (const oids of needs) {
      const fresh = oids.filter((oid) => !taken.has(oid));
      const total = fresh.reduce((sum, oid) => sum + (sizes.get(oid) ?? 0), bytes);
      if (total > WINDOW_BYTES || fresh.some((oid) => (sizes.get(oid) ?? 0) > most)) break;
      bytes = total;
      fitting += 1;
      for (const oid of fresh) taken.add(oid);
    }
    const objects = await this.#ask((store) => readObjects(store, [...taken]));
    for (const object of objects) if (object) add(object.oid, object.content);
    return trees.slice(0, fitting);
  }

  /** A partial mirror has no files before they are asked for: all of a window's are fetched at once. */
  async #fetchMissing(trees: readonly string[], needs: readonly (readonly string[])[]): Promise<void> {
    const changed = trees.filter((_, index) => (needs[index]?.length ?? 0) > 0);
    const blobs = [...new Set(needs.flat())];
    if (blobs.length > 0) await this.#ask(async (store) => store.fetchMissing?.(changed, blobs));
  }
}
