// Replays the entries of a chain: what each changed, and so what must be applied and served after the last one. Pure.
import { canonical } from '../lib/json.ts';
import { type Break, broken } from './break.ts';
import type { EntryContent } from './content.ts';

/** A row of `audit_change`; absent values are null, as SQL has them. */
export interface StoredChange {
  entry: number;
  kind: string;
  key: string;
  environment: string | null;
  before: string | null;
  after: string | null;
}

/** What the last entry that changed a row left. */
export interface Left {
  /** The row, in words. */
  name: string;
  environment: string | null;
  after: string | null;
  revision: number;
  entry: number;
}

/** A row of `revision`. */
export interface StoredRevision {
  number: number;
  entry: number;
  commit: string | null;
}

/** What follows from all entries that were added. Rows are told apart by `rowId`. */
export class Replay {
  readonly rows = new Map<string, Left>();
  readonly revisions: StoredRevision[] = [];
  /** By environment, the commit that last changed what it serves: an override comes from none. */
  readonly commits = new Map<string, string>();
  lastJudgedCommit: string | undefined;

  /** Takes the next entry, whose content fits its hash, with the rows that `audit_change` holds for it. */
  add(content: EntryContent, stored: readonly StoredChange[]): Break | undefined {
    const listed = content.changes.map((change) => toStored(content.entry, change));
    const found = differentRows(content.entry, listed, stored) ?? this.#revise(content);
    if (found) return found;
    if (content.action === 'commit.applied' || content.action === 'commit.rejected') {
      this.lastJudgedCommit = content.commit;
    }
    if ('commit' in content) {
      for (const { environment } of listed)
        if (environment !== null) this.commits.set(environment, content.commit);
    }
    return this.#apply(listed);
  }

  /** The revision is the next one, and there if and only if the entry has changes. */
  #revise(content: EntryContent): Break | undefined {
    const { entry } = content;
    const revision = 'revision' in content ? content.revision : undefined;
    const expected = content.changes.length > 0 ? this.revisions.length + 1 : undefined;
    if (revision !== expected) {
      const says = revision === undefined ? 'no revision' : `revision ${revision}`;
      return broken('altered', `entry ${entry} has ${says}, expected ${expected ?? 'none'}`, entry);
    }
    if (revision !== undefined) {
      const commit = 'commit' in content ? content.commit : null;
      this.revisions.push({ number: revision, entry, commit });
    }
    return undefined;
  }

  /** A change begins where the last one of the same row ended. */
  #apply(listed: readonly StoredChange[]): Break | undefined {
    for (const change of listed) {
      const [id, name] = [rowId(change), rowName(change)];
      const left = this.rows.get(id)?.after ?? null;
      if (left !== change.before) {
        return broken(
          'serving-unaudited',
          `${name} had changed before entry ${change.entry} without one`,
          change.entry,
        );
      }
      const { environment, after, entry } = change;
      this.rows.set(id, { name, environment, after, revision: this.revisions.length, entry });
    }
    return undefined;
  }
}

interface Named {
  kind: string;
  key: string;
  environment?: string | null;
}

/** Of one row alone, whatever its key: PostgreSQL's text holds no NUL. */
export function rowId({ kind, key, environment }: Named): string {
  return `${kind}\0${key}${environment == null ? '' : `\0${environment}`}`;
}

/** `flag checkout` as written, `flag checkout in prod` as served there. */
export function rowName(row: Named): string {
  return `${row.kind} ${row.key}${row.environment == null ? '' : ` in ${row.environment}`}`;
}

function toStored(entry: number, change: EntryContent['changes'][number]): StoredChange {
  const { kind, key, environment = null, before = null, after = null } = change;
  return { entry, kind, key, environment, before, after };
}

function differentRows(
  entry: number,
  listed: readonly StoredChange[],
  stored: readonly StoredChange[],
): Break | undefined {
  const rows = new Map(stored.map((change) => [rowId(change), change]));
  const twice = stored.find((change) => rows.get(rowId(change)) !== change);
  if (twice) {
    return broken(
      'inserted',
      `audit_change has the change of ${rowName(twice)} by entry ${entry} twice`,
      entry,
    );
  }
  for (const change of listed) {
    const name = rowName(change);
    const row = rows.get(rowId(change));
    if (!row)
      return broken('deleted', `the change of ${name} by entry ${entry} is gone from audit_change`, entry);
    if (canonical(row) !== canonical(change)) {
      return broken(
        'altered',
        `the change of ${name} by entry ${entry} is another one in audit_change`,
        entry,
      );
    }
    rows.delete(rowId(change));
  }
  const [extra] = rows.values();
  if (extra === undefined) return undefined;
  return broken(
    'inserted',
    `audit_change has a change of ${rowName(extra)} that entry ${entry} does not list`,
    entry,
  );
}
