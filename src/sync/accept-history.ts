// An operator's word that a rewritten history is right: the entry after which sync goes on.
import { lockProject } from '../audit/store.ts';
import { Pool } from '../db/pool.ts';
import { withTransaction } from '../db/transaction.ts';
import { UsageError } from '../lib/errors.ts';
import { applyEntry } from './apply.ts';
import { historyContent } from './history.ts';

export interface AcceptOptions {
  databaseUrl: string;
  /** Needed where the database has several projects. */
  project?: string;
  /** The head to accept, whole, or the beginning of the one that `history.diverged` names. */
  commit: string;
  /** Who accepts. */
  actor: string;
  /** RFC 3339. */
  at: string;
}

/** Writes `history.accepted`. Throws UsageError where there is nothing to accept, BaseMovedError where sync was faster. */
export async function acceptHistory(
  options: AcceptOptions,
): Promise<{ project: string; entry: number; commit: string }> {
  await using pool = new Pool(options.databaseUrl, {
    applicationName: 'halyard sync accept-history',
    maxConnections: 1,
  });
  const project = options.project ?? (await onlyProject(pool));
  const head = await withTransaction(pool, {}, (tx) => lockProject(tx, project));
  if (!head) throw new UsageError(`there is no project ${project} in this database.`);
  const { history } = head;
  if (history?.action !== 'history.diverged') {
    throw new UsageError(`the history of ${project} has not diverged, so there is nothing to accept.`);
  }
  const commit = wholeCommit(options.commit, history.commit);
  const content = historyContent(head, 'history.accepted', commit, { actor: options.actor, at: options.at });
  const { repository, path, branch } = head;
  const { entry } = await applyEntry(pool, { repository, path, branch }, head.lastEntry, content);
  return { project, entry, commit };
}

function wholeCommit(given: string, diverged: string): string {
  if (/^[0-9a-f]{7,64}$/.test(given) && diverged.startsWith(given)) return diverged;
  if (/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(given)) return given;
  throw new UsageError(`${JSON.stringify(given)} is no whole commit id. The branch diverged at ${diverged}.`);
}

async function onlyProject(pool: Pool): Promise<string> {
  const { rows } = await pool.query<{ key: string }>(
    'select p.key from halyard.project p order by p.key limit 10',
  );
  const [only, ...others] = rows;
  if (!only) throw new UsageError('there is no project in this database.');
  if (others.length === 0) return only.key;
  throw new UsageError(
    `the database has several projects: say which with --project (${rows.map(({ key }) => key).join(', ')}).`,
  );
}
