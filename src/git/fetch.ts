// What git fetches into a mirror: a branch, and the files of a tree for a partial mirror, which has only commits and trees at first.
import type { Readers } from './cat-file.ts';
import { GitError, runGit } from './command.ts';
import type { GitEnvironment } from './environment.ts';
import { isShallow } from './mirror-folder.ts';
import { removeLeftovers, withinSize } from './mirror-size.ts';
import { lookUpObjects, type ObjectStore } from './objects.ts';
import { RefusedError } from './refusal.ts';
import { askRemote } from './remote-command.ts';

export interface FetchOptions {
  /** How the repository is called in errors. */
  name: string;
  folder: string;
  environment: GitEnvironment;
  signal: AbortSignal | undefined;
  limits: FetchLimits;
  /** Of the mirror, to look at what came. */
  readers?: Readers;
}

export interface FetchLimits {
  /** How large the mirror may become on the disk. */
  mirrorBytes: number;
  deadlineMs: number;
}

/** A first fetch of a large repository takes its time. */
export const FETCH_LIMITS: FetchLimits = { mirrorBytes: 4 * 1024 ** 3, deadlineMs: 600_000 };

/** Git remembers it for the later fetches of a mirror. A repository that cannot leave files out sends everything. */
const WITHOUT_FILES = '--filter=blob:none';
const QUIETLY = ['--no-tags', '--no-write-fetch-head', '--no-recurse-submodules'];
/**
 * Git's number for all of the history. A server of plain files, from which git takes objects without looking at them
 * and follows to wherever it points (`objects/info/http-alternates`), cannot be asked for a depth, so git refuses it.
 */
const WHOLE_HISTORY = '--depth=2147483647';

/**
 * Brings a branch, or whatever HEAD is, into a ref of the mirror with its history, and resolves to its head.
 * Throws GitError, and RefusedError where the mirror would be too large or the branch stands at no commit.
 * @param withoutFiles begins a partial mirror; for the first fetch alone
 */
export async function fetchBranch(
  options: FetchOptions,
  { address, branch, ref }: { address: string; branch: string; ref: string },
  withoutFiles: boolean,
): Promise<string> {
  const { folder, name } = options;
  const isUrl = /^https:/i.test(address);
  const depth = isUrl ? [WHOLE_HISTORY] : (await isShallow(folder)) ? ['--unshallow'] : [];
  const filter = withoutFiles ? [WITHOUT_FILES] : [];
  const from = branch === 'HEAD' ? 'HEAD' : `refs/heads/${branch}`;
  await fetch(options, [
    ...QUIETLY,
    '--update-shallow',
    ...depth,
    ...filter,
    '--',
    address,
    `+${from}:${ref}`,
  ]);
  const [head] = await lookUpObjects(options, [ref]);
  if (!head) throw new GitError('failed', `The mirror lacks the branch ${branch} that it has fetched.`, 0);
  if (head.type === 'commit') return head.oid;
  throw new RefusedError(
    'object',
    `${name} has a ${head.type} and no commit at the head of ${branch}. Push a commit.`,
  );
}

/** Fetches those of some trees' blobs that the mirror lacks, if any, all of them at once. Throws GitError, RefusedError. */
export async function fetchMissing(
  options: FetchOptions,
  local: GitEnvironment,
  wanted: { trees: readonly string[]; blobs: readonly string[] },
  address: string,
): Promise<void> {
  const missing = await missingObjects({ ...options, environment: local }, wanted.trees);
  const objects = wanted.blobs.filter((oid) => missing.has(oid));
  if (objects.length > 0) await fetchObjects(options, { address, objects, withoutFiles: true });
}

/**
 * Fetches objects by their names, a commit with its history. Throws RefusedError, and GitError; `isRefusal` tells a
 * repository that hands out only what its refs stand at.
 * @param withoutFiles for a partial mirror: what is asked for by its name comes all the same
 */
export async function fetchObjects(
  options: FetchOptions,
  { address, objects, withoutFiles }: { address: string; objects: readonly string[]; withoutFiles: boolean },
): Promise<void> {
  const filter = withoutFiles ? [WITHOUT_FILES] : [];
  await fetch(options, [...QUIETLY, ...filter, '--stdin', '--', address], `${objects.join('\n')}\n`);
}

async function fetch(options: FetchOptions, args: string[], input?: string): Promise<void> {
  const { folder, environment, limits } = options;
  await removeLeftovers(folder, FETCH_LIMITS.deadlineMs);
  await withinSize({ ...options, maxBytes: limits.mirrorBytes }, (signal) =>
    askRemote(['fetch', ...args], {
      folder,
      environment,
      signal,
      deadlineMs: limits.deadlineMs,
      ...(input !== undefined && { input }),
    }),
  );
}

/** By one walk, which fetches nothing and marks what is missing with `?`. */
async function missingObjects(store: ObjectStore, trees: readonly string[]): Promise<Set<string>> {
  const args = ['rev-list', '--objects', '--no-object-names', '--missing=print', '--stdin'];
  const lines = (await runGit(args, { ...store, input: `${trees.join('\n')}\n` })).split('\n');
  return new Set(lines.filter((line) => line.startsWith('?')).map((line) => line.slice(1)));
}

/** Whether a repository hands out branches alone, and no file by its name; in git's own words. */
export function isRefusal(error: unknown): boolean {
  return error instanceof GitError && /not our ref|unadvertised object/.test(error.message);
}
