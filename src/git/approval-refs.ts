// Approvals as a repository keeps them: blobs under refs/halyard/approvals/<tree>/<id>, which anyone who may push can write.
import { createHash } from 'node:crypto';
import { GitError } from './command.ts';
import { lookUpObjects, type ObjectStore, readObjects } from './objects.ts';
import { presentObjects } from './presence.ts';

export const APPROVALS_PREFIX = 'refs/halyard/approvals/';
/** More approvals of one tree are not looked at: the first ones by their names are. */
const MOST_OF_A_TREE = 100;
const MOST_BYTES = 16 * 1024;
/** What could not be had is asked for again after this. */
const HOPELESS_FOR_MS = 60_000;
const MOST_REMEMBERED = 10_000;

export interface ApprovalRef {
  /** The tree of the definitions that are approved. */
  tree: string;
  /** The first 16 hex digits of the SHA-256 of what the blob holds. */
  id: string;
  blob: string;
}

export interface ApprovalBlob {
  id: string;
  content: Uint8Array;
}

/** The ref of an approval. */
export function approvalRefName(tree: string, id: string): string {
  return `${APPROVALS_PREFIX}${tree}/${id}`;
}

/** Those refs of a listing (`<object> TAB <ref>` a line, as `git ls-remote` prints) that are named as approvals are. */
export function approvalRefsIn(listing: string): ApprovalRef[] {
  const line = /^([0-9a-f]{40,64})\trefs\/halyard\/approvals\/([0-9a-f]{40,64})\/([0-9a-f]{16})$/gm;
  return Array.from(listing.matchAll(line), ([, blob = '', tree = '', id = '']) => ({ tree, id, blob }));
}

/** The refs of one tree, by their names; a hostile repository has no more of them than the first ones. */
export function refsOfTree(refs: readonly ApprovalRef[], tree: string): ApprovalRef[] {
  return refs
    .filter((ref) => ref.tree === tree)
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .slice(0, MOST_OF_A_TREE);
}

type Fetch = (objects: readonly string[]) => Promise<void>;

/** Reads approvals into one store, and remembers what cannot be had, so that it is not fetched at every look. */
export class ApprovalReader {
  /** Until when (as of `performance.now`) an object is not asked for again. */
  readonly #hopeless = new Map<string, number>();

  /**
   * What the refs hold, in their order; what is no blob, too large, not what its name says, or cannot be had is left out.
   * @param fetch brings objects into the store. It throws GitError where they are at fault, and something else where the
   * repository is away
   */
  async read(store: ObjectStore, refs: readonly ApprovalRef[], fetch: Fetch): Promise<ApprovalBlob[]> {
    const here = await this.#fetched(store, [...new Set(refs.map(({ blob }) => blob))], fetch);
    const known = refs.filter(({ blob }) => here.has(blob));
    const found = await lookUpObjects(store, blobsOf(known));
    const readable = known.filter((_, at) => found[at]?.type === 'blob' && found[at].size <= MOST_BYTES);
    const objects = await readObjects(store, blobsOf(readable));
    return readable.flatMap(({ id }, at) => {
      const content = new Uint8Array(objects[at]?.content ?? []);
      const digest = createHash('sha256').update(content).digest('hex');
      return digest.startsWith(id) ? [{ id, content }] : [];
    });
  }

  /** Those that the store has in the end. */
  async #fetched(store: ObjectStore, blobs: readonly string[], fetch: Fetch): Promise<Set<string>> {
    const present = await presentObjects(store, blobs);
    const nowMs = performance.now();
    const absent = blobs.filter((blob) => !present.has(blob) && (this.#hopeless.get(blob) ?? 0) <= nowMs);
    if (absent.length === 0) return present;
    await fetchWhatThereIs(absent, fetch);
    const now = await presentObjects(store, blobs);
    if (this.#hopeless.size > MOST_REMEMBERED) this.#hopeless.clear();
    for (const blob of absent) if (!now.has(blob)) this.#hopeless.set(blob, nowMs + HOPELESS_FOR_MS);
    return now;
  }
}

/** All at once; where that fails, one by one: a broken object must not hide what others have approved. */
async function fetchWhatThereIs(objects: readonly string[], fetch: Fetch): Promise<void> {
  const isLate = (error: unknown): boolean => {
    if (!(error instanceof GitError)) throw error;
    return error.code === 'deadline';
  };
  try {
    return await fetch(objects);
  } catch (error) {
    isLate(error);
  }
  for (const object of objects.length > 1 ? objects : []) {
    // One that stalls may have others like it behind it: that is all the time they get.
    const late = await fetch([object]).then(() => false, isLate);
    if (late) return;
  }
}

function blobsOf(refs: readonly ApprovalRef[]): string[] {
  return refs.map(({ blob }) => blob);
}
