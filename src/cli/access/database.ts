// What is applied and what the audit says of a commit, where a database is named.
import { appliedBefore, type CommitEntry, entriesOfCommit } from '../../audit/commit-entries.ts';
import { chooseProject, listProjects } from '../../audit/log.ts';
import type { ProjectSource } from '../../audit/store.ts';
import type { Pool } from '../../db/pool.ts';
import { type Tx, withTransaction } from '../../db/transaction.ts';
import { type Applied, findProject, lookAtApplied } from '../../sync/applied.ts';
import { withoutUsed } from '../../sync/evidence/unused.ts';
import type { GatherEvidence } from '../../sync/evidence.ts';
import { withDatabase } from '../audit/database.ts';
import { namedDatabaseUrl } from '../database-url.ts';

export class AppliedDatabase {
  readonly #pool: Pool;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** What is applied of a project that is named. Throws UsageError where there is none. */
  named(project: string): Promise<Applied | undefined> {
    return this.#reading(async (tx) => lookAtApplied(tx, await chooseProject(tx, project)));
  }

  /** What is applied of the project that comes from a repository, as sync finds it. */
  from(source: Omit<ProjectSource, 'branch'>): Promise<Applied | undefined> {
    return this.#reading(async (tx) => {
      const found = await findProject(tx, { source: { ...source, branch: '' } });
      return found && lookAtApplied(tx, found.key);
    });
  }

  /** What is applied of a project; undefined where there is no such project. */
  of(project: string): Promise<Applied | undefined> {
    return this.#reading((tx) => lookAtApplied(tx, project));
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

  /** As sync leaves them out: approvals that an applied entry has. */
  withoutUsed(gather: GatherEvidence): GatherEvidence {
    return withoutUsed(gather, this.#pool);
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
