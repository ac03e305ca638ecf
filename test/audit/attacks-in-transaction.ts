// The table of attacks inside a transaction that would otherwise be whole: a step left out, or done otherwise than the entry says.

import { NO_HASH, textHash } from '../../src/audit/chain.ts';
import { lockProject } from '../../src/audit/store.ts';
import type { Tx } from '../../src/db/transaction.ts';
import { sha256Hex } from '../../src/lib/json.ts';
import { OTHER, PROJECT } from './attacks-by-statement.ts';
import {
  changesFor,
  contentFor,
  type Entry,
  environmentsOf,
  flag,
  noFlag,
  type Wanted,
  writeEntry,
  writeHeads,
  writeRevision,
  writeRows,
} from './writing.ts';

const CHANGED = flag('checkout', 'attack');

/** What happens inside one transaction that would otherwise be whole. `commit` makes it so. */
export const TRANSACTIONS: Record<string, (tx: Tx) => Promise<unknown>> = {
  'an entry is written and project left': async (tx) => insertRawEntry(tx, {}),
  'an entry has a hash that does not fit': async (tx) => insertRawEntry(tx, { hash: sha256Hex('') }, true),
  'an entry links to another one': async (tx) => insertRawEntry(tx, { previousHash: sha256Hex('') }, true),
  'an entry leaves a gap': async (tx) => insertRawEntry(tx, { skip: 1 }, true),
  'an entry leaves a gap and begins a chain of its own': async (tx) =>
    insertRawEntry(tx, { skip: 1, previousHash: NO_HASH }, true),
  'an entry is numbered as one that is there': async (tx) => insertRawEntry(tx, { skip: -1 }, true),
  'an entry names another project': async (tx) => insertRawEntry(tx, { content: { project: OTHER } }, true),
  'an entry names another number': async (tx) => insertRawEntry(tx, { content: { entry: 1 } }, true),
  'an entry claims another transaction': async (tx) => insertRawEntry(tx, { xid: '3' }, true),
  'an entry is dated back': async (tx) => insertRawEntry(tx, { recordedAt: '2020-01-01T00:00:00Z' }, true),
  'an entry has changes and no revision': async (tx) => {
    const { revision: _, ...content } = await contentOf(tx, CHANGED);
    await insertRawEntry(tx, { content, whole: true }, true);
    await insertListedChanges(tx);
  },
  'an entry lists changes that are not in audit_change': async (tx) => {
    const { revision: _, ...content } = await contentOf(tx, CHANGED);
    await insertRawEntry(tx, { content, whole: true }, true);
  },
  'an entry has a revision and no changes': async (tx) => {
    const written = await writeEntry(tx, PROJECT, [], { revision: 5 });
    await writeRevision(tx, PROJECT, { ...written, revision: 5 });
  },
  'an entry claims a revision that is not there': async (tx) => {
    await writeEntry(tx, PROJECT, [], { revision: 4 });
  },
  'an entry lists a change from a digest to itself': async (tx) => {
    const wanted = flag('search', 1).slice(0, 1);
    await commit(tx, wanted, { rows: async () => {} });
  },
  'a rejected commit changes something': async (tx) => {
    await commit(tx, CHANGED, {
      entry: () => writeEntry(tx, PROJECT, CHANGED, { action: 'commit.rejected' }),
    });
  },
  'a transaction writes two entries': async (tx) => {
    await commit(tx, CHANGED);
    await writeEntry(tx, PROJECT, []);
  },
  'a transaction writes a second entry after all guards looked early': async (tx) => {
    await commit(tx, CHANGED);
    await tx.query('set constraints all immediate');
    await tx.query('set constraints all deferred');
    await writeEntry(tx, PROJECT, []);
  },
  'the revision is left out': async (tx) => commit(tx, CHANGED, { revision: async () => {} }),
  'the revision skips a number': async (tx) =>
    commit(tx, CHANGED, {
      revision: async (written) => writeRevision(tx, PROJECT, { ...written, revision: written.revision + 1 }),
    }),
  'the entry and its revision skip a number': async (tx) => {
    const written = await writeEntry(tx, PROJECT, CHANGED, { revision: 5 });
    await writeRevision(tx, PROJECT, { ...written, revision: 5 });
    await writeRows(tx, PROJECT, 5, CHANGED);
    await writeHeads(tx, PROJECT, { ...written, revision: 5 }, environmentsOf(CHANGED));
  },
  'a revision is made for an entry that has none': async (tx) => {
    const written = await writeEntry(tx, PROJECT, []);
    await writeRevision(tx, PROJECT, written);
  },
  'the revision names another commit': async (tx) =>
    commit(tx, CHANGED, {
      revision: async (written) => writeRevision(tx, PROJECT, { ...written, commit: 'c0ffee' }),
    }),
  'the rows are left as they are': async (tx) => commit(tx, CHANGED, { rows: async () => {} }),
  'one row of several is left': async (tx) =>
    commit(tx, CHANGED, { rows: async ({ revision }) => writeRows(tx, PROJECT, revision, CHANGED.slice(1)) }),
  'one served row of several is left': async (tx) =>
    commit(tx, CHANGED, {
      rows: async ({ revision }) => writeRows(tx, PROJECT, revision, CHANGED.slice(0, 2)),
    }),
  'rows get other bodies than the entry says': async (tx) =>
    commit(tx, CHANGED, {
      rows: async ({ revision }) => writeRows(tx, PROJECT, revision, flag('checkout', 'other')),
    }),
  'a served row gets another body than the entry says': async (tx) =>
    commit(tx, CHANGED, {
      rows: async ({ revision }) =>
        writeRows(tx, PROJECT, revision, CHANGED.with(2, flag('checkout', 'other')[2] as Wanted)),
    }),
  'a body is not that of the digest that the entry says': async (tx) => {
    await commit(tx, CHANGED);
    await tx.query(
      `update halyard.definition set body = '{}' where project = '${PROJECT}' and key = 'checkout'`,
    );
  },
  'a served body is not that of the digest that the entry says': async (tx) => {
    await commit(tx, CHANGED);
    await tx.query(
      `update halyard.environment_definition set body = '{}'
       where project = '${PROJECT}' and key = 'checkout' and environment = 'prod'`,
    );
  },
  'a definition is renamed to one that the entry creates': async (tx) => {
    const wanted = [{ key: 'renamed', body: { flag: 'search', value: 1 } }];
    await commit(tx, wanted, {
      rows: async ({ revision }) =>
        tx.query(
          `update halyard.definition set key = 'renamed', revision = $1 where project = '${PROJECT}' and key = 'search'`,
          [revision],
        ),
    });
  },
  'a served row is moved to an environment in which the entry creates it': async (tx) => {
    const wanted = [{ key: 'search', environment: 'staging', body: { key: 'search', value: 1, in: 'dev' } }];
    await commit(tx, wanted, {
      rows: async ({ revision }) =>
        tx.query(
          `update halyard.environment_definition set environment = 'staging', revision = $1
           where project = '${PROJECT}' and key = 'search' and environment = 'dev'`,
          [revision],
        ),
    });
  },
  'a head is moved to an environment that the entry creates': async (tx) => {
    const wanted = [{ key: 'search', environment: 'staging', body: {} }];
    await commit(tx, wanted, {
      heads: async (written) => {
        await tx.query(
          `update halyard.snapshot_head set environment = 'staging' where project = '${PROJECT}' and environment = 'dev'`,
        );
        await writeHeads(tx, PROJECT, written, ['staging']);
      },
    });
  },
  'a project is renamed to one that the entry creates': async (tx) => {
    await tx.query(
      `update halyard.project set key = 'acme/new', last_entry = 0, last_judged_commit = null where key = '${OTHER}'`,
    );
    await writeEntry(tx, 'acme/new', []);
  },
  'rows get the revision before': async (tx) =>
    commit(tx, CHANGED, { rows: async ({ revision }) => writeRows(tx, PROJECT, revision - 1, CHANGED) }),
  'a row more is changed than the entry says': async (tx) =>
    commit(tx, CHANGED, {
      rows: async ({ revision }) =>
        writeRows(tx, PROJECT, revision, [...CHANGED, ...flag('search', 'attack')]),
    }),
  'a row more is deleted than the entry says': async (tx) =>
    commit(tx, CHANGED, {
      rows: async ({ revision }) => writeRows(tx, PROJECT, revision, [...CHANGED, { key: 'search' }]),
    }),
  "another project's rows are changed": async (tx) =>
    commit(tx, CHANGED, {
      rows: async ({ revision }) => {
        await writeRows(tx, PROJECT, revision, CHANGED);
        await writeRows(tx, OTHER, revision, CHANGED);
      },
    }),
  'a deletion is announced and the row kept': async (tx) =>
    commit(tx, noFlag('search'), {
      rows: async ({ revision }) => writeRows(tx, PROJECT, revision, noFlag('search').slice(1)),
    }),
  'a row is changed after its guard was made to look early': async (tx) => {
    await commit(tx, CHANGED);
    await tx.query('set constraints all immediate');
    await writeRows(tx, PROJECT, 4, flag('checkout', 'later'));
  },
  'a row is changed and a change for it added after all guards looked early': async (tx) => {
    const written = await commit(tx, CHANGED);
    await tx.query('set constraints all immediate');
    await tx.query('set constraints all deferred');
    await insertChange(tx, written.entry, flag('search', 'attack')[2] as Wanted);
    await writeRows(tx, PROJECT, written.revision, flag('search', 'attack').slice(2));
  },
  'a digest is changed after its guards were made to look early': async (tx) => {
    await commit(tx, CHANGED);
    await tx.query('set constraints all immediate');
    await tx.query(
      `update halyard.definition set digest = 'none' where project = '${PROJECT}' and key = 'checkout'`,
    );
  },
  'a served digest is changed after its guards were made to look early': async (tx) => {
    await commit(tx, CHANGED);
    await tx.query('set constraints all immediate');
    await tx.query(
      `update halyard.environment_definition set digest = 'none' where project = '${PROJECT}' and key = 'checkout'`,
    );
  },
  'a revision is changed after its guards were made to look early': async (tx) => {
    await commit(tx, CHANGED);
    await tx.query('set constraints all immediate');
    await tx.query(
      `update halyard.definition set revision = 1 where project = '${PROJECT}' and key = 'checkout'`,
    );
  },
  'a served revision is changed after its guards were made to look early': async (tx) => {
    await commit(tx, CHANGED);
    await tx.query('set constraints all immediate');
    await tx.query(
      `update halyard.environment_definition set revision = 1 where project = '${PROJECT}' and key = 'checkout'`,
    );
  },
  'a head is changed after its guard was made to look early': async (tx) => {
    await commit(tx, CHANGED);
    await tx.query('set constraints all immediate');
    await tx.query(
      `update halyard.snapshot_head set digest = '${sha256Hex('')}' where project = '${PROJECT}'`,
    );
  },
  'the guard of a head looks early, before its rows change': async (tx) =>
    commit(tx, CHANGED, {
      rows: async (written) => {
        await writeHeads(tx, PROJECT, written, ['dev', 'prod']);
        await tx.query('set constraints halyard.guard_snapshot_head immediate');
        await writeRows(tx, PROJECT, written.revision, CHANGED);
      },
      heads: async () => {},
    }),
  'a change is added to an entry of another transaction': async (tx) => {
    await insertChange(tx, 3, flag('search', 'attack')[2] as Wanted);
    await writeRows(tx, PROJECT, 3, flag('search', 'attack').slice(2));
  },
  'a change is not in the content of the entry': async (tx) => {
    const written = await writeEntry(tx, PROJECT, []);
    await insertChange(tx, written.entry, flag('search', 'attack')[2] as Wanted);
  },
  'a change has another digest than the content': async (tx) => {
    const content = await contentOf(tx, CHANGED);
    await insertRawEntry(tx, { content, whole: true }, true);
    await insertListedChanges(tx, `'${sha256Hex('{}')}'`);
  },
  'a change more is written than the entry lists, and done': async (tx) => {
    const more = flag('search', 'attack').slice(2);
    const listed = await changesFor(tx, PROJECT, CHANGED);
    await insertRawEntry(tx, { content: await contentOf(tx, CHANGED), whole: true }, true);
    const entry = (await lockProject(tx, PROJECT))?.lastEntry ?? 0;
    await tx.query(
      `insert into halyard.audit_change (project, entry, kind, key, environment, before, after)
       select $1, $2, c.kind, c.key, c.environment, c.before, c.after from jsonb_to_recordset($3::jsonb)
         as c (kind text, key text, environment text, before text, after text)`,
      [PROJECT, entry, JSON.stringify([...listed, ...(await changesFor(tx, PROJECT, more))])],
    );
    const { rows } = await tx.query<Entry>(
      `select entry, hash, (summary -> 'revision')::int as revision, summary ->> 'commit' as commit
       from halyard.audit_entry where project = $1 and entry = $2`,
      [PROJECT, entry],
    );
    await commit(tx, [...CHANGED, ...more], { entry: async () => rows[0] as Entry });
  },
  'a change says another digest was there before': async (tx) => {
    const changes = (await changesFor(tx, PROJECT, CHANGED)).map((change) => ({
      ...change,
      before: sha256Hex('lie'),
    }));
    await commit(tx, CHANGED, { entry: () => writeEntry(tx, PROJECT, CHANGED, { changes }) });
  },
  'a change says created where it was updated': async (tx) => {
    const changes = (await changesFor(tx, PROJECT, CHANGED)).map(({ before: _, ...change }) => ({
      ...change,
      action: 'created' as const,
    }));
    await commit(tx, CHANGED, { entry: () => writeEntry(tx, PROJECT, CHANGED, { changes }) });
  },
  'a change has an action that its digests belie': async (tx) => {
    const changes = (await changesFor(tx, PROJECT, CHANGED)).map((change) => ({
      ...change,
      action: 'created' as const,
    }));
    await commit(tx, CHANGED, { entry: () => writeEntry(tx, PROJECT, CHANGED, { changes }) });
  },
  'a head is left': async (tx) => commit(tx, CHANGED, { heads: async () => {} }),
  'one head of two is left': async (tx) =>
    commit(tx, CHANGED, { heads: async (written) => writeHeads(tx, PROJECT, written, ['dev']) }),
  'a head is made for an environment that does not change': async (tx) =>
    commit(tx, CHANGED, {
      heads: async (written) => writeHeads(tx, PROJECT, written, ['dev', 'prod', 'staging']),
    }),
  'a head has the digest of other rows': async (tx) => {
    await commit(tx, CHANGED);
    await tx.query(
      `update halyard.snapshot_head set digest = '${sha256Hex('')}' where project = '${PROJECT}'`,
    );
  },
  'a head names a hash that is not the entry’s': async (tx) =>
    commit(tx, CHANGED, {
      heads: async (written) => writeHeads(tx, PROJECT, { ...written, hash: sha256Hex('') }, ['dev', 'prod']),
    }),
  'a head names no commit': async (tx) => {
    await commit(tx, CHANGED);
    await tx.query(`update halyard.snapshot_head set commit = null where project = '${PROJECT}'`);
  },
  'a head names another commit': async (tx) =>
    commit(tx, CHANGED, {
      heads: async (written) => writeHeads(tx, PROJECT, { ...written, commit: 'c0ffee' }, ['dev', 'prod']),
    }),
  'the entry is rolled back to a savepoint and the rows are not': async (tx) => {
    await tx.query('savepoint before_entry');
    const { revision } = await writeEntry(tx, PROJECT, CHANGED);
    await tx.query('rollback to savepoint before_entry');
    await writeRows(tx, PROJECT, revision, CHANGED);
  },
  'another commit is judged than the entry says': async (tx) => {
    await commit(tx, CHANGED);
    await tx.query(`update halyard.project set last_judged_commit = 'c0ffee' where key = '${PROJECT}'`);
  },
  'a temporary schema lends its own tables and functions to the guards': async (tx) => {
    await tx.query(`create temp table project as select '${PROJECT}'::text as key, 99 as last_entry`);
    await tx.query(`create function pg_temp.sha256(bytea) returns bytea language sql as 'select $1'`);
    await tx.query(
      `create function pg_temp.pg_current_xact_id() returns xid8 language sql as $$select '3'::xid8$$`,
    );
    await tx.query('set local search_path = pg_temp, halyard, pg_catalog');
    await tx.query(`update halyard.definition set body = '{}' where key = 'checkout'`);
  },
};

interface Steps {
  entry: () => Promise<Entry>;
  revision: (written: Entry) => Promise<unknown>;
  rows: (written: Entry) => Promise<unknown>;
  heads: (written: Entry) => Promise<unknown>;
}

/** All that a commit writes, with some steps done otherwise. */
async function commit(tx: Tx, wanted: readonly Wanted[], steps: Partial<Steps> = {}): Promise<Entry> {
  const written = await (steps.entry ?? (() => writeEntry(tx, PROJECT, wanted)))();
  await (steps.revision ?? (() => writeRevision(tx, PROJECT, written)))(written);
  await (steps.rows ?? (() => writeRows(tx, PROJECT, written.revision, wanted)))(written);
  await (steps.heads ?? (() => writeHeads(tx, PROJECT, written, environmentsOf(wanted))))(written);
  return written;
}

async function contentOf(tx: Tx, wanted: readonly Wanted[]) {
  const head = await lockProject(tx, PROJECT);
  if (!head) throw new Error('the attacked project is there');
  return contentFor(head, await changesFor(tx, PROJECT, wanted));
}

interface RawEntry {
  content?: object;
  /** `content` is all of it. */
  whole?: boolean;
  hash?: string;
  previousHash?: string;
  skip?: number;
  xid?: string;
  recordedAt?: string;
}

/** An entry by plain SQL, right but for what is given; `moveHead`: the project's row goes along. */
async function insertRawEntry(tx: Tx, raw: RawEntry, moveHead = false): Promise<void> {
  const head = await lockProject(tx, PROJECT);
  if (!head) throw new Error('the attacked project is there');
  const entry = head.lastEntry + 1 + (raw.skip ?? 0);
  const text = JSON.stringify(raw.whole ? raw.content : { ...contentFor(head, []), entry, ...raw.content });
  const previousHash = raw.previousHash ?? head.lastHash;
  await tx.query(
    `insert into halyard.audit_entry (project, entry, previous_hash, content, hash, xid, recorded_at)
     values ($1, $2, $3, $4, $5, coalesce($6::xid8, pg_current_xact_id()), coalesce($7::timestamptz, now()))`,
    [PROJECT, entry, previousHash, text, raw.hash ?? textHash(previousHash, text), raw.xid, raw.recordedAt],
  );
  if (!moveHead) return;
  await tx.query(
    `update halyard.project p set last_entry = $2, last_judged_commit = e.summary ->> 'commit'
     from halyard.audit_entry e where p.key = $1 and e.project = $1 and e.entry = $2`,
    [PROJECT, entry],
  );
}

/** The changes that the last entry lists, as they are or with another `after`. */
async function insertListedChanges(tx: Tx, after = 'c.after'): Promise<void> {
  await tx.query(
    `insert into halyard.audit_change (project, entry, kind, key, environment, before, after)
     select e.project, e.entry, c.kind, c.key, c.environment, c.before, ${after}
     from halyard.project p join halyard.audit_entry e on e.project = p.key and e.entry = p.last_entry
     cross join lateral jsonb_to_recordset(e.content::jsonb -> 'changes')
       as c (kind text, key text, environment text, before text, after text)
     where p.key = $1`,
    [PROJECT],
  );
}

async function insertChange(tx: Tx, entry: number, wanted: Wanted): Promise<void> {
  const [change] = await changesFor(tx, PROJECT, [wanted]);
  await tx.query(
    `insert into halyard.audit_change (project, entry, kind, key, environment, before, after)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [PROJECT, entry, change?.kind, change?.key, change?.environment, change?.before, change?.after],
  );
}
