// A superuser who rewrites a chain so that the whole database fits together: entries, hashes, changes, revisions, rows and heads.

import { contentText, NO_HASH, textHash } from '../../src/audit/chain.ts';
import type { CommitContent, EntryContent } from '../../src/audit/content.ts';
import type { Tx } from '../../src/db/transaction.ts';
import { PROJECT } from '../support/sync-project.ts';

// biome-ignore lint/suspicious/noExplicitAny: a forger writes whatever they like
export type Forged = any;

/** Replaces the contents from one entry on by what `forge` makes of them, numbers and links them, and makes all else fit. */
export async function rewrite(
  owner: Tx,
  from: number,
  forge: (contents: Forged[]) => Forged[] | undefined,
): Promise<void> {
  const { rows } = await owner.query<{ content: string; hash: string }>(
    'select content, hash from halyard.audit_entry where entry >= $1 order by entry',
    [from - 1],
  );
  const kept = from === 1 ? undefined : rows.shift();
  const contents = rows.map(({ content }) => JSON.parse(content));
  const forged: EntryContent[] = forge(contents) ?? contents;
  const { rows: before } = await owner.query<{ revision: number | null }>(
    'select max(number) as revision from halyard.revision where entry < $1',
    [from],
  );
  let revision = before[0]?.revision ?? 0;
  let previous = kept?.hash ?? NO_HASH;
  const written = forged.map((content, index) => {
    if (content.changes.length > 0) revision += 1;
    const numbered = { ...content, entry: from + index, ...(content.changes.length > 0 && { revision }) };
    const text = contentText(numbered as EntryContent);
    const hash = textHash(previous, text);
    const row = { entry: from + index, previous, text, hash };
    previous = hash;
    return row;
  });
  await replaceEntries(owner, from, written);
  await settle(owner);
}

/** The first content that it is given, changed by `edit`. */
export function edited(edit: (content: Forged) => unknown): (contents: Forged[]) => undefined {
  return ([first]) => {
    edit(first as CommitContent);
    return undefined;
  };
}

interface Row {
  entry: number;
  previous: string;
  text: string;
  hash: string;
}

async function replaceEntries(owner: Tx, from: number, written: readonly Row[]): Promise<void> {
  for (const table of ['audit_change', 'revision', 'audit_entry'])
    await owner.query(`delete from halyard.${table} where entry >= $1`, [from]);
  await owner.query(
    `insert into halyard.audit_entry (project, entry, previous_hash, content, hash)
     select $1, w.entry, w.previous, w.text, w.hash
     from unnest($2::integer[], $3::text[], $4::text[], $5::text[]) as w (entry, previous, text, hash)`,
    [
      PROJECT,
      written.map(({ entry }) => entry),
      written.map(({ previous }) => previous),
      written.map(({ text }) => text),
      written.map(({ hash }) => hash),
    ],
  );
  await owner.query(
    `insert into halyard.audit_change (project, entry, kind, key, environment, before, after)
     select e.project, e.entry, c.kind, c.key, c.environment, c.before, c.after from halyard.audit_entry e
     cross join lateral jsonb_to_recordset(e.content::jsonb -> 'changes')
       as c (kind text, key text, environment text, before text, after text)
     where e.entry >= $1`,
    [from],
  );
  await owner.query(
    `insert into halyard.revision (project, number, entry, commit)
     select e.project, (e.summary -> 'revision')::integer, e.entry, e.summary ->> 'commit'
     from halyard.audit_entry e where e.entry >= $1 and e.summary ? 'revision'`,
    [from],
  );
}

/** Makes the project's row, the rows' revisions and the heads follow from the entries. */
async function settle(owner: Tx): Promise<void> {
  const last = `(select distinct on (c.kind, c.key, c.environment) c.*, r.number, r.commit, e.hash
    from halyard.audit_change c join halyard.revision r on r.entry = c.entry join halyard.audit_entry e on e.entry = c.entry
    order by c.kind, c.key, c.environment, c.entry desc)`;
  await owner.query(
    `update halyard.project set last_entry = (select max(entry) from halyard.audit_entry), last_judged_commit =
       (select summary ->> 'commit' from halyard.audit_entry where summary ->> 'action' like 'commit.%'
        order by entry desc limit 1)`,
  );
  await owner.query(
    `update halyard.definition d set revision = l.number from ${last} l
     where l.environment is null and d.kind = l.kind and d.key = l.key`,
  );
  await owner.query(
    `update halyard.environment_definition d set revision = l.number from ${last} l
     where d.environment = l.environment and d.kind = l.kind and d.key = l.key`,
  );
  await owner.query(
    `update halyard.snapshot_head h set entry = l.entry, revision = l.number, entry_hash = l.hash,
       commit = (select r.commit from halyard.audit_change c join halyard.revision r on r.entry = c.entry
         where c.environment = h.environment and r.commit is not null order by c.entry desc limit 1),
       digest = (select encode(sha256(convert_to(coalesce(string_agg(d.kind || E'\\t' || d.key || E'\\t' || d.digest || E'\\n', ''
         order by d.kind, d.key), ''), 'UTF8')), 'hex')
         from halyard.environment_definition d where d.environment = h.environment and not d.deleted)
     from (select distinct on (environment) * from ${last} x where environment is not null
           order by environment, entry desc) l
     where h.environment = l.environment`,
  );
}
