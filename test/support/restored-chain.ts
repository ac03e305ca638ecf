// A chain of any length, written at once as a restore writes it: without guards, which then stand again.
import { contentText, textHash } from '../../src/audit/chain.ts';
import { describeChanges, type RowChange, rowOf } from '../../src/changes/diff.ts';
import { rowId, type WantedRow } from '../../src/changes/row.ts';
import { personalAttributes } from '../../src/changes/value-text.ts';
import type { Pool } from '../../src/db/pool.ts';
import { type Tx, withTransaction } from '../../src/db/transaction.ts';
import { snapshotDigest } from '../../src/model/snapshot.ts';
import type { Judged } from '../../src/sync/access.ts';
import { nothingApplied } from '../../src/sync/applied.ts';
import { entryContent } from '../../src/sync/entry.ts';
import type { GitRepository } from './git-repository.ts';
import { judgements, SOURCE, type Step } from './grown-chain.ts';
import { PROJECT } from './sync-project.ts';
import { withoutGuards } from './without-guards.ts';

type Left = WantedRow & { revision: number; isDeleted?: boolean };

interface Heads {
  [environment: string]: { revision: number; commit: string; entry: number; hash: string };
}

const AT_ONCE = 2_000;

/** Writes the entries of the first commits of a project, which has no access policy, and what they leave. */
export async function restoreChain(
  pool: Pool,
  repository: GitRepository,
  ids: readonly string[],
  steps: readonly Step[],
): Promise<void> {
  const chain = new RestoredChain();
  await withTransaction(pool, {}, (tx) =>
    withoutGuards(tx, async () => {
      await tx.query('insert into halyard.project (key, repository, path, branch) values ($1, $2, $3, $4)', [
        PROJECT,
        SOURCE.repository,
        SOURCE.path,
        SOURCE.branch,
      ]);
      for await (const judged of judgements(repository, ids, steps, () => chain.applied)) {
        chain.add(judged);
        if (chain.batch.length === AT_ONCE) await writeEntries(tx, chain.batch.splice(0));
      }
      await writeEntries(tx, chain.batch);
      await writeRows(tx, [...chain.rows.values()], chain.heads);
      await tx.query('update halyard.project set last_entry = $1, last_judged_commit = $2', [
        chain.applied.head.lastEntry,
        chain.applied.head.lastJudgedCommit,
      ]);
    }),
  );
  await pool.query('analyze');
}

/** What entries leave, one after the other. */
class RestoredChain {
  readonly applied = nothingApplied(PROJECT, SOURCE);
  readonly rows = new Map<string, Left>();
  readonly heads: Heads = {};
  readonly batch: Written[] = [];

  add(judged: Judged): void {
    const { head, carries } = this.applied;
    const changes = judged.type === 'applied' ? judged.changes : [];
    const name = `project\t${PROJECT}\t`;
    const declared = changes.find((change) => rowId(rowOf(change)) === name)?.after?.body;
    const personal = personalAttributes(this.rows.get(name)?.body, declared);
    const described = describeChanges(changes, (row) => this.rows.get(rowId(row))?.text ?? '', personal);
    const content = entryContent(judged, { ...head, carries, source: SOURCE }, described);
    const { entry, commit, revision = head.lastRevision } = content;
    const text = contentText(content);
    const hash = textHash(head.lastHash, text);
    this.batch.push({
      entry,
      previous: head.lastHash,
      text,
      hash,
      commit,
      revision: content.revision ?? null,
    });
    for (const change of changes) {
      this.#take(change, revision);
      const { environment } = rowOf(change);
      if (environment !== undefined) this.heads[environment] = { revision, commit, entry, hash };
    }
    this.applied.carries = judged.type === 'applied' ? [] : [...carries, commit];
    this.applied.head = {
      ...head,
      lastEntry: entry,
      lastHash: hash,
      lastRevision: revision,
      lastJudgedCommit: commit,
    };
  }

  #take(change: RowChange, revision: number): void {
    const id = rowId(rowOf(change));
    const { after } = change;
    if (after) {
      const { body: _, text: __, ...row } = after;
      this.rows.set(id, { ...after, revision });
      this.applied.rows.set(id, row);
    } else {
      this.rows.set(id, { ...(this.rows.get(id) as Left), revision, isDeleted: true });
      this.applied.rows.delete(id);
    }
  }
}

interface Written {
  entry: number;
  previous: string;
  text: string;
  hash: string;
  commit: string;
  revision: number | null;
}

async function writeEntries(tx: Tx, batch: readonly Written[]): Promise<void> {
  await tx.query(
    `with new as (
       insert into halyard.audit_entry (project, entry, previous_hash, content, hash)
       select $1, w.entry, w.previous, w.text, w.hash
       from unnest($2::integer[], $3::text[], $4::text[], $5::text[]) as w (entry, previous, text, hash)
       returning entry, content)
     insert into halyard.audit_change (project, entry, kind, key, environment, before, after)
     select $1, n.entry, c.kind, c.key, c.environment, c.before, c.after from new n
     cross join lateral jsonb_to_recordset(n.content::jsonb -> 'changes')
       as c (kind text, key text, environment text, before text, after text)`,
    [
      PROJECT,
      batch.map(({ entry }) => entry),
      batch.map(({ previous }) => previous),
      batch.map(({ text }) => text),
      batch.map(({ hash }) => hash),
    ],
  );
  const revised = batch.filter(({ revision }) => revision !== null);
  await tx.query(
    `insert into halyard.revision (project, number, entry, commit)
     select $1, w.number, w.entry, w.commit from unnest($2::integer[], $3::integer[], $4::text[]) as w (number, entry, commit)`,
    [
      PROJECT,
      revised.map(({ revision }) => revision),
      revised.map(({ entry }) => entry),
      revised.map(({ commit }) => commit),
    ],
  );
}

async function writeRows(tx: Tx, rows: readonly Left[], heads: Heads): Promise<void> {
  for (const row of rows) {
    const { kind, key, environment, path, text, digest, revision, isDeleted = false } = row;
    if (environment === undefined) {
      if (isDeleted) continue;
      await tx.query(
        `insert into halyard.definition (project, kind, key, path, body, digest, revision) values ($1, $2, $3, $4, $5, $6, $7)`,
        [PROJECT, kind, key, path, text, digest, revision],
      );
    } else {
      await tx.query(
        `insert into halyard.environment_definition (project, environment, kind, key, body, digest, revision, deleted)
         values ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [
          PROJECT,
          environment,
          kind,
          key,
          isDeleted ? null : text,
          isDeleted ? null : digest,
          revision,
          isDeleted,
        ],
      );
    }
  }
  for (const [environment, { revision, commit, entry, hash }] of Object.entries(heads)) {
    const live = rows.filter((row) => row.environment === environment && !row.isDeleted);
    await tx.query(
      `insert into halyard.snapshot_head (project, environment, revision, commit, digest, entry, entry_hash)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [PROJECT, environment, revision, commit, snapshotDigest(live), entry, hash],
    );
  }
}
