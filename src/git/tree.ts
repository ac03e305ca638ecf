// Reads the files under one path of a commit, with only those blobs that were not read before.
import { GitError } from './command.ts';
import { lookUpObjects, type ObjectStore, readInBatches } from './objects.ts';
import { type ListedEntry, TreeLister } from './tree-listing.ts';

/** One entry under the path; structurally the `SourceFile` of the definitions. Paths are relative to the path that was read. */
export type TreeFile =
  | { path: string; kind: 'file'; content: Uint8Array }
  | { path: string; kind: 'link' | 'submodule' | 'unlisted' }
  | { path: string; kind: 'oversized'; sizeBytes: number };

export interface TreeLimits {
  /** A larger file is reported as `oversized` and never read. */
  fileBytes: number;
  /** With more files than this, none is read: the listing ends, contents are empty, and the number itself is the problem. */
  files: number;
  /** Reading ends with the file that passes this: what was read is then problem enough. */
  folderBytes: number;
}

const NOTHING = new Uint8Array();

/** Reads trees of one mirror, one after the other, and remembers the blobs of the last one. */
export class TreeReader {
  readonly #limits: TreeLimits;
  readonly #lister: TreeLister;
  #blobs = new Map<string, Uint8Array>();
  #last: { tree: string; files: TreeFile[] } | undefined;

  /** `wanted` says which files matter by their name; others are left out, links and submodules are always reported. */
  constructor(limits: TreeLimits, wanted: (name: string) => boolean) {
    this.#limits = limits;
    this.#lister = new TreeLister(wanted, limits.files);
  }

  /** All that is in a tree object, in git's order. An absent tree (the path is not in the commit) is an empty one. */
  async read(store: ObjectStore, tree: string | undefined): Promise<TreeFile[]> {
    if (tree === undefined) return [];
    if (this.#last?.tree === tree) return this.#last.files;
    const entries = await this.#lister.list(store, tree);
    const blobs = [...new Set(entries.filter(({ kind }) => kind === 'file').map(({ oid }) => oid))];
    const sizes =
      entries.length > this.#limits.files ? new Map<string, number>() : await this.#sizes(store, tree, blobs);
    this.#blobs = await this.#readBlobs(store, this.#withinLimits(entries, sizes));
    const files = entries.map((entry) => this.#fileOf(entry, sizes));
    this.#last = { tree, files };
    return files;
  }

  #fileOf({ path, kind, oid }: ListedEntry, sizes: ReadonlyMap<string, number>): TreeFile {
    if (kind !== 'file') return { path, kind };
    const sizeBytes = sizes.get(oid) ?? 0;
    if (sizeBytes > this.#limits.fileBytes) return { path, kind: 'oversized', sizeBytes };
    return { path, kind: 'file', content: this.#blobs.get(oid) ?? NOTHING };
  }

  /** The size of each blob, which is in the store from then on. */
  async #sizes(store: ObjectStore, tree: string, blobs: readonly string[]): Promise<Map<string, number>> {
    const unknown = blobs.filter((oid) => !this.#blobs.has(oid));
    if (unknown.length > 0) await store.fetchMissing?.([tree], unknown);
    const found = await lookUpObjects(store, unknown);
    if (found.includes(undefined)) throw lacking();
    const sizes = new Map([...this.#blobs].map(([oid, content]) => [oid, content.length]));
    for (const object of found) if (object) sizes.set(object.oid, object.size);
    return sizes;
  }

  /** The blobs to read with their sizes, in the order of the tree. */
  #withinLimits(entries: readonly ListedEntry[], sizes: ReadonlyMap<string, number>): Map<string, number> {
    const taken = new Map<string, number>();
    let bytes = 0;
    for (const { oid } of entries) {
      const sizeBytes = sizes.get(oid) ?? Number.POSITIVE_INFINITY;
      if (sizeBytes > this.#limits.fileBytes) continue;
      taken.set(oid, sizeBytes);
      bytes += sizeBytes;
      if (bytes > this.#limits.folderBytes) break;
    }
    return taken;
  }

  async #readBlobs(store: ObjectStore, sizes: ReadonlyMap<string, number>): Promise<Map<string, Uint8Array>> {
    const blobs = new Map<string, Uint8Array>();
    const missing = new Map<string, number>();
    for (const [oid, sizeBytes] of sizes) {
      const known = this.#blobs.get(oid);
      if (known) blobs.set(oid, known);
      else missing.set(oid, sizeBytes);
    }
    for await (const [oid, object] of readInBatches(store, missing)) {
      if (!object) throw lacking();
      // Copied, so that one small blob does not keep a whole batch in memory.
      blobs.set(oid, new Uint8Array(object.content));
    }
    return blobs;
  }
}

function lacking(): GitError {
  return new GitError('failed', 'The mirror lacks a file that its tree names.', 0);
}
