// Which two states are compared: what was asked for, or where the branch left its upstream and the folder as it is.
import { hintFor } from '../../definitions/suggest.ts';
import type { ObjectStore } from '../../git/objects.ts';
import { findCommit, isShallowClone, mergeBaseOf, namedRevisions } from '../../git/revisions.ts';
import { UsageError } from '../../lib/errors.ts';
import { ticked } from '../../lib/printable.ts';

/** What a branch is compared with where nobody says it: the first of these that there is. */
export const DEFAULT_BASES = ['origin/HEAD', 'origin/main', 'origin/master', 'main', 'master'] as const;

/** Branches and tags among which the nearest is looked for. */
const MOST_NAMES = 1_000;

export interface Compared {
  /** The base as it was asked for, or found. */
  base: string;
  /** Where the head left the base: the newest commit that both descend from. */
  mergeBase: string;
  /** The head's commit; undefined for the folder as it is on the disk. */
  head: string | undefined;
}

/** Throws UsageError for a revision that there is not, for histories that do not meet, and where no base can be guessed. */
export async function comparedRevisions(
  store: ObjectStore,
  asked: { base?: string | undefined; head?: string | undefined },
): Promise<Compared> {
  const base = await baseOf(store, asked.base);
  const head = asked.head === undefined ? undefined : await commitOf(store, asked.head);
  const tip = head ?? (await findCommit(store, 'HEAD'));
  // Before the first commit of a branch there is nothing to have left.
  const mergeBase = tip === undefined ? base.commit : await mergeBaseOf(store, base.commit, tip);
  if (mergeBase !== undefined) return { base: base.name, mergeBase, head };
  const headName = asked.head === undefined ? 'HEAD' : ticked(asked.head);
  const meet = `${ticked(base.name)} and ${headName} have no commit in common`;
  if (!(await isShallowClone(store))) throw new UsageError(`${meet}, so there is nothing to compare.`);
  throw new UsageError(`${meet} in this shallow clone. ${DEEPEN}`);
}

const DEEPEN =
  'Fetch the whole history: `git fetch --unshallow`, `fetch-depth: 0` on GitHub, `GIT_DEPTH: 0` on GitLab.';

async function baseOf(
  store: ObjectStore,
  asked: string | undefined,
): Promise<{ name: string; commit: string }> {
  if (asked !== undefined) return { name: asked, commit: await commitOf(store, asked) };
  for (const name of DEFAULT_BASES) {
    const commit = await findCommit(store, name);
    if (commit !== undefined) return { name, commit };
  }
  if ((await namedRevisions(store, 1)).length === 0 && (await findCommit(store, 'HEAD')) === undefined)
    throw new UsageError('this repository has no commit yet, and a plan compares commits. Commit first.');
  throw new UsageError(
    `there is none of ${DEFAULT_BASES.join(', ')} to compare with. Name a base: \`halyard plan <base>\`.`,
  );
}

async function commitOf(store: ObjectStore, revision: string): Promise<string> {
  const commit = await findCommit(store, revision);
  if (commit !== undefined) return commit;
  throw new UsageError(`there is no commit ${ticked(revision)} here. ${await hint(store, revision)}`);
}

async function hint(store: ObjectStore, revision: string): Promise<string> {
  const range = /^(.+?)\.{2,3}(.+)$/.exec(revision);
  if (range) return `Name the two on their own: \`halyard plan ${range[1]} ${range[2]}\`.`;
  if (await isShallowClone(store)) return `This is a shallow clone. ${DEEPEN}`;
  const fetch = 'Is it a branch of another clone? Then `git fetch` it first.';
  return hintFor(revision, await namedRevisions(store, MOST_NAMES), fetch, 'There are');
}
