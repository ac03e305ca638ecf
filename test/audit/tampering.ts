// What an owner of the database can do once the guards are off, and what `verify` must call it.
import type { BreakKind } from '../../src/audit/break.ts';
import { NO_HASH, textHash } from '../../src/audit/chain.ts';
import type { Queryable } from '../../src/db/pool.ts';
import type { Tx } from '../../src/db/transaction.ts';
import { sha256Hex } from '../../src/lib/json.ts';
import { PROJECT } from './attacks-by-statement.ts';
import { flag, writeEntry, writeHeads, writeRevision, writeRows } from './writing.ts';

export interface Tampering {
  tamper: string | ((owner: Tx) => Promise<unknown>);
  kind: BreakKind;
  entry?: number;
}

/** Done to a project of five entries: 1 makes `checkout`, `search`, `gone`; 2 and 3 change; 4 rejects; 5 deletes `gone`. */
export const TAMPERINGS: Record<string, Tampering> = {
  'a content is edited': {
    tamper: `update halyard.audit_entry set content = replace(content, 'Author 2', 'Nobody') where entry = 2`,
    kind: 'altered',
    entry: 2,
  },
  'a content is edited and its hash made to fit': {
    tamper: (owner) => edit(owner, 2, (content) => content.replace('Author 2', 'Nobody')),
    kind: 'altered',
    entry: 2,
  },
  'the first content is edited and its hash made to fit': {
    tamper: (owner) => edit(owner, 1, (content) => content.replace('Author 1', 'Nobody')),
    kind: 'altered',
    entry: 1,
  },
  'the last content is edited and its hash made to fit': {
    tamper: (owner) => edit(owner, 5, (content) => content.replace('Author 5', 'Nobody')),
    kind: 'serving-unaudited',
    entry: 5,
  },
  'the chain is written anew from the second entry on': {
    tamper: async (owner) => {
      await edit(owner, 2, (content) => content.replace('Author 2', 'Nobody'));
      for (const entry of [3, 4, 5]) await relink(owner, entry);
    },
    kind: 'serving-unaudited',
    entry: 5,
  },
  'a content is no longer canonical, and its hash made to fit': {
    tamper: async (owner) => {
      await edit(owner, 5, (content) => ` ${content}`);
    },
    kind: 'altered',
    entry: 5,
  },
  'a content is no JSON object of ours': {
    tamper: `update halyard.audit_entry set content = '[]' where entry = 3`,
    kind: 'altered',
    entry: 3,
  },
  'a hash is edited': {
    tamper: `update halyard.audit_entry set hash = '${sha256Hex('')}' where entry = 3`,
    kind: 'altered',
    entry: 3,
  },
  'the first entry links to something': {
    tamper: async (owner) => {
      await owner.query(`update halyard.audit_entry set previous_hash = $1 where entry = 1`, [sha256Hex('')]);
      await rehash(owner, 1);
    },
    kind: 'altered',
    entry: 1,
  },
  'an entry is deleted': {
    tamper: `delete from halyard.audit_entry where entry = 3`,
    kind: 'deleted',
    entry: 3,
  },
  'the first entry is deleted': {
    tamper: `delete from halyard.audit_entry where entry = 1`,
    kind: 'deleted',
    entry: 1,
  },
  'an entry is deleted and the later ones are moved up': {
    tamper: async (owner) => {
      await owner.query('delete from halyard.audit_entry where entry = 3');
      await owner.query('update halyard.audit_entry set entry = entry - 1 where entry = 4');
      await owner.query('update halyard.audit_entry set entry = entry - 1 where entry = 5');
    },
    kind: 'deleted',
    entry: 3,
  },
  'an entry is stored under a later number': {
    tamper: `update halyard.audit_entry set entry = 9 where entry = 5`,
    kind: 'deleted',
    entry: 5,
  },
  'an entry without changes is stored under a later number': {
    tamper: async (owner) => {
      await writeEntry(owner, PROJECT, []);
      await owner.query('update halyard.audit_entry set entry = 9 where entry = 6');
    },
    kind: 'deleted',
    entry: 6,
  },
  'an entry says that it is another project’s, and its hash is made to fit': {
    tamper: (owner) => edit(owner, 5, (content) => content.replace('acme/shop', 'acme/else')),
    kind: 'altered',
    entry: 5,
  },
  'an entry claims a revision without changes': {
    tamper: (owner) => writeEntry(owner, PROJECT, [], { revision: 5 }),
    kind: 'altered',
    entry: 6,
  },
  'a served body is edited, and a later commit goes on from there': {
    tamper: async (owner) => {
      await writeRows(owner, PROJECT, 1, flag('search', 'unaudited'));
      const written = await writeEntry(owner, PROJECT, flag('search', 2));
      await writeRevision(owner, PROJECT, written);
      await writeRows(owner, PROJECT, written.revision, flag('search', 2));
      await writeHeads(owner, PROJECT, written, ['dev', 'prod']);
    },
    kind: 'serving-unaudited',
    entry: 6,
  },
  'the last entry is deleted': {
    tamper: `delete from halyard.audit_entry where entry = 5`,
    kind: 'truncated',
    entry: 5,
  },
  'the last entries are deleted and the project’s row is moved back': {
    tamper: `delete from halyard.audit_entry where entry >= 4; update halyard.project set last_entry = 3`,
    kind: 'truncated',
    entry: 4,
  },
  'all entries are deleted': { tamper: `delete from halyard.audit_entry`, kind: 'truncated', entry: 1 },
  'two entries are swapped': {
    tamper: `
      update halyard.audit_entry set entry = 99 where entry = 2;
      update halyard.audit_entry set entry = 2 where entry = 3;
      update halyard.audit_entry set entry = 3 where entry = 99`,
    kind: 'reordered',
    entry: 2,
  },
  'the last two entries are swapped': {
    tamper: `
      update halyard.audit_entry set entry = 99 where entry = 4;
      update halyard.audit_entry set entry = 4 where entry = 5;
      update halyard.audit_entry set entry = 5 where entry = 99`,
    kind: 'reordered',
    entry: 4,
  },
  'the contents of two entries are swapped': {
    tamper: `
      update halyard.audit_entry e set content = o.content
      from halyard.audit_entry o where e.entry in (2, 4) and o.entry = 6 - e.entry`,
    kind: 'reordered',
    entry: 2,
  },
  'an entry is copied in between and the later ones are moved down': {
    tamper: async (owner) => {
      for (const entry of [5, 4, 3]) await moveDown(owner, entry);
      await copyEntry(owner, 2, 3);
    },
    kind: 'inserted',
    entry: 3,
  },
  'a forged entry is put in between and the later ones are moved down': {
    tamper: async (owner) => {
      for (const entry of [5, 4, 3]) await moveDown(owner, entry);
      await copyEntry(owner, 2, 3);
      await edit(owner, 3, (content) =>
        content.replace('"entry":2', '"entry":3').replace('Author 2', 'Nobody'),
      );
      await relink(owner, 3);
    },
    kind: 'inserted',
    entry: 3,
  },
  'an entry is appended past the project’s last one': {
    tamper: async (owner) => {
      await copyEntry(owner, 4, 6);
      await edit(owner, 6, (content) => content.replace('"entry":4', '"entry":6'));
      await relink(owner, 6);
    },
    kind: 'inserted',
    entry: 6,
  },
  'a summary is given to an entry that its content does not have': {
    tamper: `
      alter table halyard.audit_entry alter column summary drop expression;
      update halyard.audit_entry set summary = summary || '{"author":"Nobody"}' where entry = 2`,
    kind: 'altered',
    entry: 2,
  },
  'an audit_change is edited': {
    tamper: `update halyard.audit_change set after = before where entry = 3 and environment = 'prod'`,
    kind: 'altered',
    entry: 3,
  },
  'an audit_change is deleted': {
    tamper: `delete from halyard.audit_change where entry = 3 and environment = 'prod'`,
    kind: 'deleted',
    entry: 3,
  },
  'an audit_change is added': {
    tamper: `
      insert into halyard.audit_change (project, entry, kind, key, environment, after)
      values ('${PROJECT}', 4, 'flag', 'new', 'prod', '${sha256Hex('{}')}')`,
    kind: 'inserted',
    entry: 4,
  },
  'a revision is deleted': {
    tamper: `delete from halyard.revision where number = 2`,
    kind: 'deleted',
    entry: 2,
  },
  'a revision is edited': {
    tamper: `update halyard.revision set commit = 'c0ffee' where number = 2`,
    kind: 'altered',
    entry: 2,
  },
  'a revision is added': {
    tamper: `insert into halyard.revision (project, number, entry) values ('${PROJECT}', 9, 5)`,
    kind: 'inserted',
  },
  'another commit counts as judged': {
    tamper: `update halyard.project set last_judged_commit = 'c0ffee'`,
    kind: 'altered',
  },
  'the project’s row is deleted': { tamper: `delete from halyard.project`, kind: 'deleted' },
  'a definition is edited': {
    tamper: `update halyard.definition set body = '{}', digest = '${sha256Hex('{}')}' where key = 'search'`,
    kind: 'serving-unaudited',
    entry: 1,
  },
  'a served body is edited': {
    tamper: `update halyard.environment_definition set body = '{}' where key = 'checkout' and environment = 'prod'`,
    kind: 'serving-unaudited',
    entry: 3,
  },
  'a served body and all digests are edited': {
    tamper: `
      update halyard.environment_definition set body = '{}', digest = '${sha256Hex('{}')}'
      where key = 'checkout' and environment = 'prod';
      update halyard.snapshot_head set digest = (
        select encode(sha256(convert_to(string_agg(kind || E'\\t' || key || E'\\t' || digest || E'\\n', ''
          order by kind, key), 'UTF8')), 'hex')
        from halyard.environment_definition where environment = 'prod' and not deleted) where environment = 'prod'`,
    kind: 'serving-unaudited',
    entry: 3,
  },
  'a digest is edited': {
    tamper: `update halyard.environment_definition set digest = '${sha256Hex('')}' where key = 'search' and environment = 'dev'`,
    kind: 'serving-unaudited',
    entry: 1,
  },
  'a row’s revision is edited': {
    tamper: `update halyard.environment_definition set revision = 4 where key = 'search' and environment = 'dev'`,
    kind: 'serving-unaudited',
    entry: 1,
  },
  'a served row is deleted': {
    tamper: `delete from halyard.environment_definition where key = 'search' and environment = 'prod'`,
    kind: 'serving-unaudited',
    entry: 1,
  },
  'a tombstone is deleted': {
    tamper: `delete from halyard.environment_definition where deleted`,
    kind: 'serving-unaudited',
    entry: 5,
  },
  'a tombstone comes to life': {
    tamper: `
      update halyard.environment_definition set deleted = false, body = '{}', digest = '${sha256Hex('{}')}'
      where key = 'gone' and environment = 'dev'`,
    kind: 'serving-unaudited',
    entry: 5,
  },
  'a served row becomes a tombstone': {
    tamper: `
      update halyard.environment_definition set deleted = true, body = null, digest = null
      where key = 'search' and environment = 'prod'`,
    kind: 'serving-unaudited',
    entry: 1,
  },
  'a definition is deleted': {
    tamper: `delete from halyard.definition where key = 'search'`,
    kind: 'serving-unaudited',
    entry: 1,
  },
  'a definition is added': {
    tamper: `
      insert into halyard.definition (project, kind, key, path, body, digest, revision)
      values ('${PROJECT}', 'flag', 'new', 'new.yaml', '{}', '${sha256Hex('{}')}', 1)`,
    kind: 'serving-unaudited',
  },
  'a head gets another digest': {
    tamper: `update halyard.snapshot_head set digest = '${sha256Hex('')}' where environment = 'prod'`,
    kind: 'serving-unaudited',
    entry: 5,
  },
  'a head gets another revision': {
    tamper: `update halyard.snapshot_head set revision = 3 where environment = 'prod'`,
    kind: 'serving-unaudited',
    entry: 5,
  },
  'a head names another commit': {
    tamper: `update halyard.snapshot_head set commit = 'c0ffee' where environment = 'prod'`,
    kind: 'serving-unaudited',
    entry: 5,
  },
  'a head goes back': {
    tamper: `update halyard.snapshot_head set entry = 3, revision = 3 where environment = 'prod'`,
    kind: 'serving-unaudited',
    entry: 3,
  },
  'a head is deleted': {
    tamper: `delete from halyard.snapshot_head where environment = 'prod'`,
    kind: 'serving-unaudited',
  },
  'a head is added': {
    tamper: `
      insert into halyard.snapshot_head (project, environment, revision, digest, entry, entry_hash)
      select project, 'staging', revision, digest, entry, entry_hash from halyard.snapshot_head where environment = 'dev'`,
    kind: 'serving-unaudited',
  },
};

async function edit(owner: Queryable, entry: number, change: (content: string) => string): Promise<void> {
  const { rows } = await owner.query<{ content: string }>(
    'select content from halyard.audit_entry where project = $1 and entry = $2',
    [PROJECT, entry],
  );
  await owner.query('update halyard.audit_entry set content = $3 where project = $1 and entry = $2', [
    PROJECT,
    entry,
    change(rows[0]?.content ?? ''),
  ]);
  await rehash(owner, entry);
}

/** Makes the hash fit the previous hash and the content. */
async function rehash(owner: Queryable, entry: number): Promise<void> {
  const { rows } = await owner.query<{ content: string; previous_hash: string }>(
    'select content, previous_hash from halyard.audit_entry where project = $1 and entry = $2',
    [PROJECT, entry],
  );
  const { content, previous_hash } = rows[0] as { content: string; previous_hash: string };
  await owner.query('update halyard.audit_entry set hash = $3 where project = $1 and entry = $2', [
    PROJECT,
    entry,
    textHash(previous_hash, content),
  ]);
}

/** Makes the entry link to the one before it. */
async function relink(owner: Queryable, entry: number): Promise<void> {
  await owner.query(
    `update halyard.audit_entry e set previous_hash = coalesce(
       (select b.hash from halyard.audit_entry b where b.project = e.project and b.entry = e.entry - 1), $3)
     where e.project = $1 and e.entry = $2`,
    [PROJECT, entry, NO_HASH],
  );
  await rehash(owner, entry);
}

async function moveDown(owner: Queryable, entry: number): Promise<void> {
  await owner.query('update halyard.audit_entry set entry = entry + 1 where entry = $1', [entry]);
  await owner.query('update halyard.project set last_entry = greatest(last_entry, $1)', [entry + 1]);
}

async function copyEntry(owner: Queryable, from: number, to: number): Promise<void> {
  await owner.query(
    `insert into halyard.audit_entry (project, entry, previous_hash, content, hash)
     select project, $2, previous_hash, content, hash from halyard.audit_entry where entry = $1`,
    [from, to],
  );
}
