// What git fetches into a mirror: a branch, and the files of a tree for a partial mirror, which has only commits and trees at first.
import { FETCH_DEADLINE_MS, GitError, runGit } from './command.ts';
import type { GitEnvironment } from './environment.ts';
import { isShallow } from './mirror-folder.ts';
import type { ObjectStore } from './objects.ts';

export interface FetchOptions {
  folder: string;
  environment: GitEnvironment;
  signal: AbortSignal | undefined;
}

/** Git remembers it for the later fetches of a mirror. A repository that cannot leave files out sends everything. */
const WITHOUT_FILES = '--filter=blob:none';
const QUIETLY = ['--no-tags', '--no-write-fetch-head'];

/**
 * Brings a branch, or whatever HEAD is, into a ref of the mirror with its history, and resolves to its head. Throws GitError.
 * @param withoutFiles begins a partial mirror; for the first fetch alone
 */
export async function fetchBranch(
  options: FetchOptions,
  { address, branch, ref }: { address: string; branch: string; ref: string },
  withoutFiles: boolean,
): Promise<string> {
  const depth = (await isShallow(options.folder)) ? ['--unshallow'] : [];
  const filter = withoutFiles ? [WITHOUT_FILES] : [];
  const from = branch === 'HEAD' ? 'HEAD' : `refs/heads/${branch}`;
  await runGit(
    ['fetch', ...QUIETLY, '--update-shallow', ...depth, ...filter, '--', address, `+${from}:${ref}`],
    { ...options, deadlineMs: FETCH_DEADLINE_MS },
  );
  return (await runGit(['rev-parse', '--verify', '--end-of-options', `${ref}^{commit}`], options)).trim();
}

/** Fetches those of a tree's blobs that the store lacks, if any, all of them at once. Throws GitError. */
export async function fetchMissing(
  store: ObjectStore,
  wanted: { tree: string; blobs: readonly string[] },
  from: { address: string; environment: GitEnvironment },
): Promise<void> {
  const missing = await missingObjects(store, wanted.tree);
  const names = wanted.blobs.filter((oid) => missing.has(oid));
  if (names.length === 0) return;
  const { folder, signal } = store;
  const options = { folder, environment: from.environment, signal };
  await fetchObjects(options, { address: from.address, objects: names, withoutFiles: true });
}

/**
 * Fetches objects by their names, a commit with its history. Throws GitError; `isRefusal` tells a repository that hands
 * out only what its refs stand at.
 * @param withoutFiles for a partial mirror: what is asked for by its name comes all the same
 */
export async function fetchObjects(
  options: FetchOptions,
  wanted: { address: string; objects: readonly string[]; withoutFiles: boolean },
  deadlineMs = FETCH_DEADLINE_MS,
): Promise<void> {
  const filter = wanted.withoutFiles ? [WITHOUT_FILES] : [];
  await runGit(['fetch', ...QUIETLY, ...filter, '--stdin', '--', wanted.address], {
    ...options,
    input: `${wanted.objects.join('\n')}\n`,
    deadlineMs,
  });
}

/** By one walk, which fetches nothing and marks what is missing with `?`. */
async function missingObjects(store: ObjectStore, tree: string): Promise<Set<string>> {
  const args = ['rev-list', '--objects', '--no-object-names', '--missing=print', '--end-of-options', tree];
  const lines = (await runGit(args, store)).split('\n');
  return new Set(lines.filter((line) => line.startsWith('?')).map((line) => line.slice(1)));
}

/** Whether a repository hands out branches alone, and no file by its name; in git's own words. */
export function isRefusal(error: unknown): boolean {
  return error instanceof GitError && /not our ref|unadvertised object/.test(error.message);
}
