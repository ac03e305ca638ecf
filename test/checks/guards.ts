// The guards of PostgreSQL, each with the tests that turn red without it.
import type { Pair } from './pair.ts';

const CHAIN = 'src/db/migrations/0002.do.chain-guards.sql';
const SERVING = 'src/db/migrations/0003.do.serving-guards.sql';
const APPEND_ONLY = 'src/db/migrations/0004.do.append-only.sql';
const ATTACKS = 'test/audit/fail-closed.pg.test.ts';

/** A trigger that is not there. */
function trigger(file: string, statement: string, ...titles: string[]): Pair {
  const [, name, table] = /trigger (\w+) .* on (halyard\.\w+)/.exec(statement) ?? [];
  return {
    check: `trigger ${name} on ${table}`,
    file,
    edits: [[statement, '']],
    tests: [[ATTACKS, ...titles]],
  };
}

/** A condition of a guard that never holds. */
function condition(check: string, file: string, when: string, ...titles: string[]): Pair {
  return {
    check,
    file,
    edits: [[when, when.replace(/^when (.*)$/s, 'when false and ($1)')]],
    tests: [[ATTACKS, ...titles]],
  };
}

const refuse = (name: string, what: string, table: string, why: string, each = 'statement') =>
  `create trigger ${name} before ${what} on halyard.${table}\n  for each ${each} execute function halyard.refuse('${why}');`;

const TRIGGERS: Pair[] = [
  trigger(
    CHAIN,
    'create trigger guard_entry after insert on halyard.audit_entry\n  for each row execute function halyard.guard_entry();',
    'an entry has a hash that does not fit',
    'an entry is dated back',
  ),
  trigger(
    CHAIN,
    'create constraint trigger guard_entry_effects after insert on halyard.audit_entry\n  deferrable initially deferred for each row execute function halyard.guard_entry_effects();',
    'a head is left',
  ),
  trigger(
    CHAIN,
    'create trigger guard_changes after insert on halyard.audit_change\n  referencing new table as written for each statement execute function halyard.guard_changes();',
    'a change is added to an entry',
    'a change says another digest was there before',
  ),
  trigger(
    CHAIN,
    'create trigger guard_revision after insert on halyard.revision\n  for each row execute function halyard.guard_revision();',
    'a revision is inserted',
    'the revision names another commit',
  ),
  trigger(
    SERVING,
    'create constraint trigger guard_definition after insert or update or delete on halyard.definition\n  deferrable initially deferred for each row execute function halyard.guard_definition();',
    'a body and its digest are updated in definition',
    'a definition is deleted',
  ),
  trigger(
    SERVING,
    'create constraint trigger guard_environment_definition after insert or update on halyard.environment_definition\n  deferrable initially deferred for each row execute function halyard.guard_environment_definition();',
    'a served body is updated and its digest left',
    'a served row is inserted',
  ),
  trigger(
    SERVING,
    'create constraint trigger guard_snapshot_head after insert or update on halyard.snapshot_head\n  deferrable initially deferred for each row execute function halyard.guard_snapshot_head();',
    'a head gets another digest',
    'a head names a hash that is not the entry’s',
  ),
  trigger(
    SERVING,
    'create constraint trigger guard_project after insert or update on halyard.project\n  deferrable initially deferred for each row execute function halyard.guard_project();',
    'a project gets another repository',
    'another commit counts as judged',
  ),
  trigger(
    APPEND_ONLY,
    refuse('refuse_rewrite', 'update or delete', 'audit_entry', 'the audit is append-only'),
    'an entry is updated',
  ),
  trigger(
    APPEND_ONLY,
    refuse('refuse_rewrite', 'update or delete', 'audit_change', 'the audit is append-only'),
    'a change is updated',
    'a change is deleted',
  ),
  trigger(
    APPEND_ONLY,
    refuse('refuse_rewrite', 'update or delete', 'revision', 'revisions are append-only'),
    'a revision is rewritten',
  ),
  trigger(
    APPEND_ONLY,
    refuse('refuse_delete', 'delete', 'project', 'a project keeps its audit'),
    'a project is deleted',
  ),
  trigger(
    APPEND_ONLY,
    refuse('refuse_delete', 'delete', 'snapshot_head', 'an environment that is gone has an empty snapshot'),
    'a head is deleted',
  ),
  trigger(
    APPEND_ONLY,
    refuse('refuse_delete', 'delete', 'environment_definition', 'a deletion leaves a tombstone: set deleted'),
    'a served row is deleted',
    'a tombstone is deleted',
  ),
  trigger(
    APPEND_ONLY,
    `create trigger refuse_rename before update on halyard.project for each row
  when (old.key <> new.key) execute function halyard.refuse('a key never changes');`,
    'a project is renamed to one that the entry creates',
  ),
  trigger(
    APPEND_ONLY,
    `create trigger refuse_rename before update on halyard.snapshot_head for each row
  when ((old.project, old.environment) <> (new.project, new.environment))
  execute function halyard.refuse('a key never changes');`,
    'a head is moved to an environment that the entry creates',
  ),
  trigger(
    APPEND_ONLY,
    `create trigger refuse_rename before update on halyard.definition for each row
  when ((old.project, old.kind, old.key) <> (new.project, new.kind, new.key))
  execute function halyard.refuse('a key never changes: delete and insert');`,
    'a definition is renamed to one that the entry creates',
  ),
  trigger(
    APPEND_ONLY,
    `create trigger refuse_rename before update on halyard.environment_definition for each row
  when ((old.project, old.environment, old.kind, old.key) <> (new.project, new.environment, new.kind, new.key))
  execute function halyard.refuse('a key never changes: leave a tombstone and insert');`,
    'a served row is moved to an environment in which the entry creates it',
  ),
  {
    check: 'nothing is truncated',
    file: APPEND_ONLY,
    edits: [
      [
        "for each statement execute function halyard.refuse(''nothing is truncated'')",
        "for each statement when (false) execute function halyard.refuse(''nothing is truncated'')",
      ],
    ],
    tests: [[ATTACKS, 'is truncated`']],
  },
  {
    check: 'the guards stand for replication roles too',
    file: APPEND_ONLY,
    edits: [['enable always trigger %I', 'enable trigger %I']],
    tests: [[ATTACKS, 'a body and its digest are updated in definition']],
  },
];

const CONDITIONS: Pair[] = [
  condition(
    'entries are gapless',
    CHAIN,
    'when head is distinct from new.entry - 1 or (new.entry > 1 and previous.hash is null)',
    'an entry leaves a gap and begins a chain of its own',
  ),
  condition(
    'one entry a transaction',
    CHAIN,
    'when previous.xid = pg_current_xact_id() and previous.recorded_at = transaction_timestamp()',
    'a transaction writes a second entry after all guards looked early',
  ),
  condition(
    'an entry links to the one before it',
    CHAIN,
    "when new.previous_hash <> coalesce(previous.hash, repeat('0', 64))",
    'an entry links to another one',
  ),
  condition(
    'an entry’s hash fits its content',
    CHAIN,
    "when new.hash <> encode(sha256(decode(new.previous_hash, 'hex') || convert_to(new.content, 'UTF8')), 'hex')",
    'an entry has a hash that does not fit',
  ),
];

export const GUARD_PAIRS: readonly Pair[] = [...TRIGGERS, ...CONDITIONS];
