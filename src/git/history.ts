// Questions about the history in a mirror: which commits are to be judged, what they are, and which tree each has under a path.

import { UnreachableError } from '../lib/errors.ts';
import { GitError, runGit } from './command.ts';
import { type Commit, parseCommit } from './commit.ts';
import { isShallow } from './mirror-folder.ts';
import { lookUpObjects, type ObjectStore, readBeginning, readInBatches } from './objects.ts';
import { presentObjects } from './presence.ts';

/** Of a commit object, no more is looked at: its headers, and a message that people would read. */
const MOST_COMMIT_BYTES = 1024 * 1024;

/** Whether the mirror has a commit. */
export async function hasCommit(store: ObjectStore, commit: string): Promise<boolean> {
  // A partial store cannot be looked up for what may be missing.
  if (store.fetchMissing && !(await presentObjects(store, [commit])).has(commit)) return false;
  const [known] = await lookUpObjects(store, [commit]);
  return known?.type === 'commit';
}

/** Whether a commit is the other one or comes before it. A commit that the mirror does not have is before none. */
export async function isAncestor(store: ObjectStore, ancestor: string, head: string): Promise<boolean> {
  if (!(await hasCommit(store, ancestor))) return false;
  // Unlike merge-base, rev-list lets go of each message that it has passed, however large they are.
  const beyond = await listRevisions(store, ['--max-count=1', '--end-of-options', ancestor, `^${head}`]);
  return beyond.length === 0;
}

/** A shallow clone cannot say that a commit is not before another one. Throws UnreachableError where one was fetched. */
export async function assertWholeHistory(store: ObjectStore, missing: string): Promise<void> {
  if (!(await isShallow(store.folder))) return;
  throw new UnreachableError(
    'git',
    `The repository is a shallow clone, whose history does not reach ${missing.slice(0, 10)}, the commit that was judged last. ` +
      'Run `git fetch --unshallow` in it, or clone it whole (`fetch-depth: 0`).',
  );
}

/**
 * The commits that `head` has had after `base` as states of its branch, oldest first: its first parents that descend from `base`.
 * These are two lists and not one command, since `--first-parent --ancestry-path` leaves out a merge that reaches `base`
 * through its second parent's history only, and then the head itself would never be judged.
 */
export async function commitsAfter(store: ObjectStore, base: string, head: string): Promise<string[]> {
  const range = ['--end-of-options', `${base}..${head}`];
  const line = await listRevisions(store, ['--first-parent', '--reverse', ...range]);
  if (line.length === 0) return [];
  const descendants = new Set(await listRevisions(store, ['--ancestry-path', ...range]));
  return line.filter((id) => descendants.has(id));
}

/** The head and its first parents, the newest first: the states that a branch has had, if nobody moved it otherwise. */
export async function firstParents(store: ObjectStore, head: string): Promise<string[]> {
  return listRevisions(store, ['--first-parent', '--end-of-options', head]);
}

/**
 * The commits that a merge brings in from its other parents and that touch what is under `path` (empty: all of them), the
 * nearest first, without the merge itself; at most `limit` of them, and how many `more` there are. A commit that merges
 * nothing brings in none.
 */
export async function mergedCommits(
  store: ObjectStore,
  commit: string,
  path: string,
  limit: number,
): Promise<{ commits: string[]; more: number }> {
  const [merge] = await readCommits(store, [commit]);
  const [first, ...others] = merge?.parents ?? [];
  if (first === undefined || others.length === 0) return { commits: [], more: 0 };
  const paths = path === '' ? [] : [`:(top,literal)${path}`];
  // `--full-history` keeps what another branch undid; trees are enough for it, so a partial mirror has all that it takes.
  const list = (...options: string[]): Promise<string[]> =>
    listRevisions(store, [
      '--full-history',
      ...options,
      '--end-of-options',
      ...others,
      `^${first}`,
      '--',
      ...paths,
    ]);
  const commits = await list('--topo-order', `--max-count=${limit + 1}`);
  if (commits.length <= limit) return { commits, more: 0 };
  const [all] = await list('--count');
  return { commits: commits.slice(0, limit), more: Number(all) - limit };
}

async function listRevisions(store: ObjectStore, args: string[]): Promise<string[]> {
  const text = await runGit(['rev-list', ...args], store);
  return text.split('\n').filter((line) => line !== '');
}

/** The commit objects, in the order of their ids. Throws GitError. */
export async function readCommits(store: ObjectStore, ids: readonly string[]): Promise<Commit[]> {
  const commits = await mapCommits(store, ids, parseCommit);
  return ids.map((id) => commits.get(id) ?? lacking(id));
}

function lacking(commit: string): never {
  throw new GitError('failed', `The mirror lacks the commit ${commit}.`, 0);
}

/**
 * What `map` makes of each commit object that there is, by its id; never many objects are in memory at once. Of one that
 * has more than 1 MB, `content` is the beginning, and it is not `whole`.
 */
export async function mapCommits<T>(
  store: ObjectStore,
  ids: readonly string[],
  map: (id: string, content: Buffer, whole: boolean) => T,
): Promise<Map<string, T>> {
  const found = await lookUpObjects(store, ids);
  const mapped = new Map<string, T>();
  const sizes = new Map<string, number>();
  for (const [index, id] of ids.entries()) {
    const object = found[index];
    if (object?.type !== 'commit') continue;
    if (object.size <= MOST_COMMIT_BYTES) sizes.set(id, object.size);
    else mapped.set(id, map(id, await readBeginning(store, id, MOST_COMMIT_BYTES), false));
  }
  for await (const [id, object] of readInBatches(store, sizes))
    if (object) mapped.set(id, map(id, object.content, true));
  return mapped;
}

/** The whole tree of each commit's only parent; undefined for a merge, and for a commit without parents. */
export async function treesBefore(
  store: ObjectStore,
  commits: readonly Pick<Commit, 'parents'>[],
): Promise<(string | undefined)[]> {
  const parents = commits.flatMap(({ parents }) => (parents.length === 1 ? parents : []));
  const trees = (await treesUnder(store, parents, '')).values();
  return commits.map(({ parents }) => (parents.length === 1 ? trees.next().value : undefined));
}

/** The tree that each commit has under `path` (empty: the root), undefined where there is none. */
export async function treesUnder(
  store: ObjectStore,
  commits: readonly string[],
  path: string,
): Promise<(string | undefined)[]> {
  // With a slash at the end only a tree has the name, so that nothing else is looked at.
  const names = commits.map((id) => (path === '' ? `${id}^{tree}` : `${id}:${path}/`));
  const found = await lookUpObjects(store, names);
  return found.map((object) => (object?.type === 'tree' ? object.oid : undefined));
}
