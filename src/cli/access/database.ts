// What is applied and what the audit says of a commit, where a database is named.
import { appliedBefore, type CommitEntry, entriesOfCommit } from '../../audit/commit-entries.ts';
import { chooseProject, listProjects } from '../../audit/log.ts';
import type { Pool } from '../../db/pool.ts';
import { type Tx, withTransaction } from '../../db/transaction.ts';
import { type Applied, lookAtApplied } from '../../sync/applied.ts';
import { withDatabase } from '../audit/database.ts';
import { namedDatabaseUrl } from '../database-url.ts';

export class AppliedDatabase {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /**
   * What is applied of the project that is named, else of the first of these that the database has; undefined where it has
   * none of them. Throws UsageError for a named one that it does not have.
   */
  applied(named: string | undefined, keys: readonly string[]): Promise<Applied | undefined> {
    return this.#reading(async (tx) => {
      const projects = await listProjects(tx);
      const project =
        named === undefined ? keys.find((key) => projects.includes(key)) : await chooseProject(tx, named);
      return project === undefined ? undefined : lookAtApplied(tx, project);
    });
  }

  /** What is applied, where no repository has to say of which project: it is named, or the only one. */
  only(named: string | undefined): Promise<Applied | undefined> {
    return this.#reading(async (tx) => {
      const projects = named === undefined ? await listProjects(tx) : [await chooseProject(tx, named)];
      const [project, ...others] = projects;
      return project === undefined || others.length > 0 ? undefined : lookAtApplied(tx, project);
    });
  }

  /** The entries of a commit, oldest first, and the commit that was applied before the last of them. */
  story(project: string, commit: string): Promise<{ entries: CommitEntry[]; appliedBefore?: string }> {
    return this.#reading(async (tx) => {
      const entries = await entriesOfCommit(tx, project, commit);
      const last = entries.at(-1);
      const before = last && (await appliedBefore(tx, project, last.entry));
      return { entries, ...(before !== undefined && { appliedBefore: before }) };
    });
  }

  /** What several statements read is one state of the database. */
  #reading<T>(read: (tx: Tx) => Promise<T>): Promise<T> {
    return withTransaction(this.#pool, { isolation: 'repeatable read', readOnly: true }, read);
  }
}

/** Hands the database to `use`; nothing where neither an option, the environment nor a running `up` names one. */
export async function withAppliedDatabase<T>(
  url: string | undefined,
  use: (database: AppliedDatabase | undefined) => Promise<T>,
): Promise<T> {
  const named = await namedDatabaseUrl({ databaseUrl: url });
  if (named === undefined) return use(undefined);
  return withDatabase(named, (pool) => use(new AppliedDatabase(pool)), 'halyard access');
}
