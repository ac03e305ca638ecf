// The table of attacks on the audit by one plain SQL statement. Each must be refused, by whatever role, in whatever session.
import { sha256Hex } from '../../src/lib/json.ts';

/** The project that is attacked; it has the flags `checkout` (thrice changed), `search` and, once deleted, `gone`. */
export const PROJECT = 'acme/shop';
/** Another project in the same database. */
export const OTHER = 'acme/other';

/** One statement each, against a database that has been in use. */
export const STATEMENTS: Record<string, string> = {
  'a body and its digest are updated in definition': `
    update halyard.definition set body = '{}', digest = '${sha256Hex('{}')}' where key = 'checkout'`,
  'a body is updated and its digest left': `update halyard.definition set body = '{}' where key = 'checkout'`,
  'a path is updated': `update halyard.definition set path = 'elsewhere.yaml' where key = 'checkout'`,
  'a revision is updated': `update halyard.definition set revision = 1 where key = 'checkout'`,
  'a row is updated to what it was': `update halyard.definition set body = body`,
  'a definition is inserted': `insert into halyard.definition (project, kind, key, path, body, digest, revision)
    values ('${PROJECT}', 'flag', 'new', 'new.yaml', '{}', '${sha256Hex('{}')}', 1)`,
  'a definition that was audited and deleted comes back': `
    insert into halyard.definition (project, kind, key, path, body, digest, revision)
    values ('${PROJECT}', 'flag', 'gone', 'gone.yaml', '{"flag":"gone","value":1}',
      '${sha256Hex('{"flag":"gone","value":1}')}', 3)`,
  'a definition is deleted': `delete from halyard.definition where key = 'checkout'`,
  'all definitions are deleted': `delete from halyard.definition`,
  'a definition gets another key': `update halyard.definition set key = 'renamed' where key = 'checkout'`,
  'a definition moves to another project': `update halyard.definition set project = '${OTHER}' where key = 'search'`,
  'a served body and its digest are updated': `
    update halyard.environment_definition set body = '{}', digest = '${sha256Hex('{}')}'
    where key = 'checkout' and environment = 'prod'`,
  'a served body goes back to an earlier audited one': `
    update halyard.environment_definition
    set body = '{"in":"prod","key":"checkout","value":1}', digest = '${sha256Hex('{"in":"prod","key":"checkout","value":1}')}'
    where project = '${PROJECT}' and key = 'checkout' and environment = 'prod'`,
  'a served body is updated and its digest left': `
    update halyard.environment_definition set body = '{}' where key = 'checkout' and environment = 'prod'`,
  'a served row is updated to what it was': `update halyard.environment_definition set body = body`,
  'a served row is inserted': `
    insert into halyard.environment_definition (project, environment, kind, key, body, digest, revision)
    values ('${PROJECT}', 'prod', 'flag', 'new', '{}', '${sha256Hex('{}')}', 1)`,
  'a served row becomes a tombstone': `
    update halyard.environment_definition set deleted = true, body = null, digest = null where key = 'checkout'`,
  'a tombstone comes to life': `
    update halyard.environment_definition set deleted = false, body = '{}', digest = '${sha256Hex('{}')}'
    where key = 'gone'`,
  'a served row is deleted': `delete from halyard.environment_definition where key = 'checkout'`,
  'a tombstone is deleted': `delete from halyard.environment_definition where deleted`,
  'a served row gets another revision': `update halyard.environment_definition set revision = revision + 1`,
  'a served row moves to another environment': `
    update halyard.environment_definition set environment = 'staging' where environment = 'dev'`,
  'rows are merged into definition': `
    merge into halyard.definition d using (select 'checkout' as key) w on d.key = w.key
    when matched then update set body = '{}', digest = '${sha256Hex('{}')}'`,
  'rows are merged away': `
    merge into halyard.environment_definition d using (select 'checkout' as key) w on d.key = w.key
    when matched then delete`,
  'a row is upserted': `
    insert into halyard.definition (project, kind, key, path, body, digest, revision)
    values ('${PROJECT}', 'flag', 'checkout', 'checkout.yaml', '{}', '${sha256Hex('{}')}', 1)
    on conflict (project, kind, key) do update set body = excluded.body, digest = excluded.digest`,
  'a row changes inside a common table expression': `
    with changed as (update halyard.definition set body = '{}' where key = 'checkout' returning key)
    select key from changed`,
  'a head gets another digest': `update halyard.snapshot_head set digest = '${sha256Hex('')}'`,
  'a head gets an earlier entry': `
    update halyard.snapshot_head h set revision = 1, entry = 1, entry_hash = e.hash, commit = e.summary ->> 'commit'
    from halyard.audit_entry e where e.project = h.project and e.entry = 1`,
  'a head loses its commit': `update halyard.snapshot_head set commit = null`,
  'a head is inserted': `
    insert into halyard.snapshot_head (project, environment, revision, commit, digest, entry, entry_hash)
    select h.project, 'staging', h.revision, h.commit, h.digest, h.entry, h.entry_hash
    from halyard.snapshot_head h where h.project = '${PROJECT}' and h.environment = 'dev'`,
  'a head is deleted': `delete from halyard.snapshot_head where environment = 'prod'`,
  'a head moves to another environment': `
    update halyard.snapshot_head set environment = 'staging' where environment = 'dev'`,
  'a project is inserted': `
    insert into halyard.project (key, repository, path, branch) values ('acme/new', 'r', 'flags', 'main')`,
  'a project is deleted': `delete from halyard.project where key = '${OTHER}'`,
  'a project gets another repository': `update halyard.project set repository = 'elsewhere'`,
  'a project gets another key': `update halyard.project set key = 'acme/renamed' where key = '${OTHER}'`,
  'a head of the chain goes back': `update halyard.project set last_entry = last_entry - 1`,
  'a head of the chain goes on': `update halyard.project set last_entry = last_entry + 1`,
  'another commit counts as judged': `update halyard.project set last_judged_commit = 'c0ffee'`,
  'an entry is updated': `update halyard.audit_entry set content = '{}' where entry = 1`,
  'no entry is updated': `update halyard.audit_entry set content = '{}' where false`,
  'the last entry is deleted': `
    delete from halyard.audit_entry e using halyard.project p where p.key = e.project and e.entry = p.last_entry`,
  'a change is updated': `update halyard.audit_change set after = null`,
  'a change is deleted': `delete from halyard.audit_change`,
  'a change is added to an entry': `
    insert into halyard.audit_change (project, entry, kind, key, environment, before, after)
    values ('${PROJECT}', 1, 'flag', 'new', 'prod', null, '${sha256Hex('{}')}')`,
  'a revision is rewritten': `update halyard.revision set commit = 'c0ffee'`,
  'a revision is deleted': `delete from halyard.revision where number = 1`,
  'a revision is inserted': `
    insert into halyard.revision (project, number, entry, commit)
    select r.project, r.number + 1, r.entry, r.commit from halyard.revision r order by r.number desc limit 1`,
  ...Object.fromEntries(
    [
      'definition',
      'environment_definition',
      'snapshot_head',
      'revision',
      'audit_change',
      'audit_entry',
      'project',
    ].map((table) => [`${table} is truncated`, `truncate halyard.${table} cascade`]),
  ),
};
