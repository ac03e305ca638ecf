// The other side of a fetch: asks a repository for a branch's head, and says whose folders git may trust.
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { UnreachableError } from '../lib/errors.ts';
import { APPROVALS_PREFIX, type ApprovalRef, approvalRefsIn } from './approval-refs.ts';
import { askGit, type CommandOptions, GitError } from './command.ts';
import type { GitEnvironment } from './environment.ts';
import { askRemote } from './remote-command.ts';
import { type GitSource, locateRepository } from './source.ts';

export interface Remote {
  /** What `git fetch` is given. */
  address: string;
  /** The folder of a repository on this machine. */
  folder?: string;
  /** Folders that may belong to another user. */
  owned: string[];
  /**
   * The commit that a branch (or `HEAD`) stands at, and the approvals that the repository has at that moment.
   * Throws UnreachableError, which says whether the repository or the branch is missing.
   */
  look(branch: string, environment: GitEnvironment, signal?: AbortSignal): Promise<Sight>;
}

/** What a look at a repository shows. */
export interface Sight {
  head: string;
  approvals: ApprovalRef[];
}

/** Finds the repository. Throws UnreachableError when there is none on this machine; a URL is asked later. */
export async function remoteOf(source: GitSource, stateFolder: string): Promise<Remote> {
  if (source.kind === 'url') {
    const { url, name } = source;
    return {
      address: url,
      owned: [],
      look: (...question) => lookAtUrl({ url, name, folder: stateFolder }, ...question),
    };
  }
  const { folder, owned } = await locateRepository(source.path);
  return {
    address: folder,
    folder,
    owned: [...owned, ...(await linkedFolders(folder))],
    look: (...question) => lookAtFolder({ folder, name: source.name }, ...question),
  };
}

async function lookAtFolder(
  { folder, name }: { folder: string; name: string },
  branch: string,
  environment: GitEnvironment,
  signal?: AbortSignal,
): Promise<Sight> {
  const revision = branch === 'HEAD' ? 'HEAD^{commit}' : `refs/heads/${branch}^{commit}`;
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', revision];
  const { exitCode, text } = await ask(name, args, { folder, environment, signal, answers: [1] });
  if (exitCode !== 0) throw missingBranch(name, branch);
  const list = ['for-each-ref', '--format=%(objectname)%09%(refname)', APPROVALS_PREFIX];
  const refs = await ask(name, list, { folder, environment, signal });
  return { head: text.trim(), approvals: approvalRefsIn(refs.text) };
}

async function lookAtUrl(
  { url, name, folder }: { url: string; name: string; folder: string },
  branch: string,
  environment: GitEnvironment,
  signal?: AbortSignal,
): Promise<Sight> {
  const ref = branch === 'HEAD' ? 'HEAD' : `refs/heads/${branch}`;
  const args = ['ls-remote', '--exit-code', '--', url, ref, `${APPROVALS_PREFIX}*`];
  const { exitCode, text } = await ask(name, args, { folder, environment, signal, answers: [2] }, askRemote);
  const head = text
    .split('\n')
    .find((line) => line.endsWith(`\t${ref}`))
    ?.split('\t', 1)[0];
  if (exitCode !== 0 || head === undefined) throw missingBranch(name, branch);
  return { head, approvals: approvalRefsIn(text) };
}

/** In git's words. */
const REDIRECTED = /returned error: 30[12378]\b/;
const NOT_FOLLOWED =
  'It redirects to another address, and a redirection is not followed: name that one with --repo (many servers add .git).';

async function ask(
  name: string,
  args: readonly string[],
  options: CommandOptions,
  run = askGit,
): ReturnType<typeof askGit> {
  try {
    return await run(args, options);
  } catch (cause) {
    if (!(cause instanceof GitError)) throw cause;
    const moved = REDIRECTED.test(cause.said) ? ` ${NOT_FOLLOWED}` : '';
    throw new UnreachableError('git', `${name} does not answer: ${cause.message}${moved}`, { cause });
  }
}

function missingBranch(name: string, branch: string): UnreachableError {
  const what = branch === 'HEAD' ? 'commit yet' : `branch ${branch}`;
  return new UnreachableError('git', `${name} has no ${what}.`);
}

/** A linked work tree keeps its repository elsewhere: `.git` is a file that names it. */
async function linkedFolders(folder: string): Promise<string[]> {
  const pointer = (await readPointer(join(folder, '.git'))) ?? '';
  const named = /^gitdir: (.+)$/m.exec(pointer)?.[1];
  if (named === undefined) return [];
  const gitFolder = resolve(folder, named);
  const common = await readPointer(join(gitFolder, 'commondir'));
  return common === undefined ? [gitFolder] : [gitFolder, resolve(gitFolder, common.trim())];
}

const MOST_POINTER_BYTES = 8 * 1024;

/** A small file that holds a path; undefined for what is none, a pipe that nobody writes to say. */
async function readPointer(place: string): Promise<string | undefined> {
  const file = await open(place, constants.O_RDONLY | constants.O_NONBLOCK).catch(() => undefined);
  if (!file) return undefined;
  try {
    if (!(await file.stat()).isFile()) return undefined;
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MOST_POINTER_BYTES));
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}
