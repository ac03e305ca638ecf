// Lists what matters in a tree, folders within folders, with an end to it: a few small objects can stand for more files than there are atoms.
import { GitError } from './command.ts';
import {
  type GitObject,
  lookUpObjects,
  type ObjectStore,
  readInBatches,
  readObjectsWithin,
} from './objects.ts';
import { parseTree, type TreeObjectEntry } from './tree-object.ts';

/** `unlisted` is a folder that is too deep, a path that is too long, or more folders than are looked through. */
export interface ListedEntry {
  path: string;
  kind: 'file' | 'link' | 'submodule' | 'unlisted';
  oid: string;
}

/** Folders within folders. A deeper one is not looked into. */
const MOST_DEPTH = 64;
/** UTF-16 units; no disk holds a longer path. */
const LONGEST_PATH = 4_000;
/** What all different folders of one tree come to: about three million files. */
const MOST_TREE_BYTES = 256 * 1024 * 1024;

const FEW = 100;
const FEW_BYTES = 4 * 1024 * 1024;

type ReadTree = [oid: string, object: GitObject | undefined];

interface Folder {
  sizeBytes: number;
  /** Folders, and of the rest what was asked for. */
  entries: TreeObjectEntry[];
}

/** Lists trees one after the other; a folder that was in the last one is not read again. */
export class TreeLister {
  readonly #wanted: (name: string) => boolean;
  readonly #most: number;
  #folders = new Map<string, Folder>();

  /**
   * @param wanted which files matter, by their name; links and submodules always do
   * @param most the listing ends with the entry that passes this number
   */
  constructor(wanted: (name: string) => boolean, most: number) {
    this.#wanted = wanted;
    this.#most = most;
  }

  /** All that matters in a tree, in git's order. Throws GitError. */
  async list(store: ObjectStore, tree: string): Promise<ListedEntry[]> {
    this.#folders = await this.#read(store, tree);
    const listing = new Listing(this.#folders, this.#most);
    listing.walk(tree, '', 0);
    return listing.entries;
  }

  /** Each different folder once, level by level, as far as they are listed. */
  async #read(store: ObjectStore, tree: string): Promise<Map<string, Folder>> {
    const folders = new Map<string, Folder>();
    let leftBytes = MOST_TREE_BYTES;
    let level = [tree];
    for (let depth = 0; level.length > 0 && depth <= MOST_DEPTH; depth++) {
      const unknown = level.filter((oid) => !this.#folders.has(oid));
      // Few folders are small: they are read without a look at their sizes first.
      const read = unknown.length <= FEW ? await readObjectsWithin(store, unknown, FEW_BYTES) : undefined;
      const sizes = sizesOf(unknown, read ?? (await lookUpObjects(store, unknown)));
      const within = level.filter((oid) => {
        leftBytes -= this.#folders.get(oid)?.sizeBytes ?? sizes.get(oid) ?? 0;
        if (leftBytes < 0) sizes.delete(oid);
        return leftBytes >= 0;
      });
      const fresh = await this.#parse(
        read ? unknown.map((oid, at) => [oid, read[at]]) : readInBatches(store, sizes),
      );
      const next = new Set<string>();
      for (const oid of within) {
        const folder = this.#folders.get(oid) ?? fresh.get(oid);
        if (folder) folders.set(oid, folder);
        for (const entry of folder?.entries ?? []) if (entry.kind === 'folder') next.add(entry.oid);
      }
      level = [...next].filter((oid) => !folders.has(oid));
    }
    return folders;
  }

  async #parse(objects: Iterable<ReadTree> | AsyncIterable<ReadTree>): Promise<Map<string, Folder>> {
    const folders = new Map<string, Folder>();
    for await (const [oid, object] of objects) {
      const entries = object && parseTree(object.content, oid.length / 2);
      if (!entries) throw new GitError('failed', `The tree ${oid} cannot be read.`, 0);
      const kept = entries.filter(({ kind, name }) => kind !== 'file' || this.#wanted(name));
      folders.set(oid, { sizeBytes: object.content.length, entries: kept });
    }
    return folders;
  }
}

function sizesOf(
  oids: readonly string[],
  found: readonly ({ type: string; size: number } | GitObject | undefined)[],
): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const [index, oid] of oids.entries()) {
    const object = found[index];
    if (object?.type !== 'tree') throw new GitError('failed', `${oid} is no tree that is there.`, 0);
    sizes.set(oid, 'size' in object ? object.size : object.content.length);
  }
  return sizes;
}

/** Walks only into folders that have something to list, so the walk is no longer than the listing is deep. */
class Listing {
  readonly entries: ListedEntry[] = [];
  readonly #folders: ReadonlyMap<string, Folder>;
  readonly #most: number;
  /** By folder and how deep it may still go. */
  readonly #matters = new Map<string, boolean>();

  constructor(folders: ReadonlyMap<string, Folder>, most: number) {
    this.#folders = folders;
    this.#most = most;
  }

  walk(oid: string, path: string, depth: number): void {
    const folder = this.#folders.get(oid);
    if (!folder || depth > MOST_DEPTH) {
      this.entries.push({ path: path.slice(0, -1), kind: 'unlisted', oid });
      return;
    }
    for (const entry of folder.entries) {
      if (this.entries.length > this.#most) return;
      const inner = path + entry.name;
      if (entry.kind === 'folder') {
        if (this.#holdsSomething(entry.oid, depth + 1)) this.#enter(entry.oid, inner, depth + 1);
      } else this.entries.push({ ...entry, path: inner, kind: isTooLong(inner) ? 'unlisted' : entry.kind });
    }
  }

  #enter(oid: string, path: string, depth: number): void {
    if (isTooLong(path)) this.entries.push({ path, kind: 'unlisted', oid });
    else this.walk(oid, `${path}/`, depth);
  }

  #holdsSomething(oid: string, depth: number): boolean {
    const folder = this.#folders.get(oid);
    if (!folder || depth > MOST_DEPTH) return true;
    const name = `${depth} ${oid}`;
    const known = this.#matters.get(name);
    if (known !== undefined) return known;
    const matters = folder.entries.some(
      ({ kind, oid: inner }) => kind !== 'folder' || this.#holdsSomething(inner, depth + 1),
    );
    this.#matters.set(name, matters);
    return matters;
  }
}

function isTooLong(path: string): boolean {
  return path.length > LONGEST_PATH;
}
