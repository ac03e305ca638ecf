// The repository that entries are derived from: a mirror of the branch that a chain's first entry names.
import type { Queryable } from '../../db/pool.ts';
import type { GitCredentials } from '../../git/environment.ts';
import type { FetchLimits } from '../../git/fetch.ts';
import { Mirror } from '../../git/mirror.ts';
import { validRef } from '../../git/ref-name.ts';
import { parseGitSource } from '../../git/source.ts';
import { UsageError } from '../../lib/errors.ts';
import type { Ask } from './reader.ts';

export interface RepositoryOptions {
  /** A path on this machine, or a URL of https, ssh or file. */
  repo: string;
  /** Where the mirror of it is kept. The one that sync has there is used too: it holds judged commits that the branch has lost. */
  stateFolder: string;
  credentials?: GitCredentials;
  mirrorLimits?: Partial<FetchLimits>;
  skipListFile?: string;
  /** The branch that is followed now, if it is called otherwise than in the first entry. */
  branch?: string;
  /** Where the definitions are now, if elsewhere than the first entry says. */
  path?: string;
}

export interface OpenRepository {
  ask: Ask;
  /** Where the definitions are; empty for the root. */
  path: string;
  branch: string;
  /** The branch's head. */
  head: string;
}

/** Fetches the branch into its mirror. Throws UnreachableError. */
export async function openRepository(
  connection: Queryable,
  project: string,
  options: RepositoryOptions,
  signal?: AbortSignal,
): Promise<OpenRepository> {
  const source = await sourceOf(connection, project);
  const { repo, stateFolder, credentials, branch = source.branch, path = source.path } = options;
  const { mirrorLimits, skipListFile } = options;
  const mirror = new Mirror({
    source: parseGitSource(repo, process.cwd()),
    branch,
    stateFolder,
    inherited: process.env,
    ...(credentials && { credentials }),
    ...(mirrorLimits && { limits: mirrorLimits }),
    ...(skipListFile !== undefined && { skipListFile }),
  });
  const head = await mirror.fetchHead(signal);
  return { ask: (question) => mirror.ask(question, signal), path, branch, head };
}

/** As the first entry says, which its hash holds. */
async function sourceOf(connection: Queryable, project: string): Promise<{ path: string; branch: string }> {
  const { rows } = await connection.query<{ path: string | null; branch: string | null }>(
    `select e.summary -> 'source' ->> 'path' as path, e.summary -> 'source' ->> 'branch' as branch
     from halyard.audit_entry e where e.project = $1 and e.entry = 1`,
    [project],
  );
  const { path, branch } = { path: rows[0]?.path ?? '', branch: rows[0]?.branch ?? 'main' };
  // Git would take what is put so for more than a name.
  validRef(`refs/heads/${branch}`, "the first entry's");
  if (/^\/|[\0\n]|(^|\/)\.\.(\/|$)/.test(path))
    throw new UsageError(`the first entry's path ${JSON.stringify(path)} is no folder inside a repository.`);
  return { path, branch };
}
