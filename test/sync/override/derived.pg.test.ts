// Overrides that are written by hand past their rules, by someone who has the database's password: `audit verify --repo` names each.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { OverrideContent } from '../../../src/audit/content.ts';
import { overrideStatement } from '../../../src/audit/override-statement.ts';
import { verifyAudit } from '../../../src/audit/verify.ts';
import { Pool } from '../../../src/db/pool.ts';
import { signText } from '../../../src/git/ssh-signature.ts';
import { applyEntry } from '../../../src/sync/apply.ts';
import {
  chosenContent,
  describedChange,
  type OverrideRequest,
  overriddenRow,
} from '../../../src/sync/override/content.ts';
import { readOverrideState } from '../../../src/sync/override/state.ts';
import { writeOverride } from '../../../src/sync/override/write.ts';
import { createDatabase, type TestDatabase } from '../../support/database.ts';
import { flagYaml, PROJECT, SyncProject, sampleFiles } from '../../support/sync-project.ts';
import { type Key, Keys } from './shop.ts';

let keys: Keys;
let alice: Key;
let dora: Key;
/** With a policy and one commit; each test has a copy of its database. */
let base: SyncProject;
let database: TestDatabase;
let pool: Pool;

beforeAll(async () => {
  keys = await Keys.create();
  [alice, dora] = [await keys.make('alice'), await keys.make('dora')];
  base = await SyncProject.create();
  const access = `access: 1
people:
  alice: { roles: [admin], keys: ["${alice.fingerprint}"] }
  dora: { roles: [developer], keys: ["${dora.fingerprint}"] }
rules:
  - { role: admin, may: [change, change-access, override] }
  - { role: developer, may: [change] }
`;
  await base.repository.commit('import', { ...sampleFiles(), 'flags/access.yaml': access });
  await base.sync();
});
afterAll(async () => {
  await base[Symbol.asyncDispose]();
  await keys[Symbol.asyncDispose]();
});

beforeEach(async () => {
  database = await createDatabase({ like: base.database });
  pool = new Pool(database.url, { applicationName: 'test', maxConnections: 1 });
});
afterEach(async () => {
  await pool.close();
  await database[Symbol.asyncDispose]();
});

const REQUEST = { flag: 'checkout', environment: 'prod', reason: 'on fire' };
const SET: OverrideRequest = { ...REQUEST, action: 'set', serve: 'off', forMs: 3_600_000 };
const LIFT: OverrideRequest = { ...REQUEST, action: 'lift' };

const write = (request: OverrideRequest) =>
  writeOverride(request, {
    databaseUrl: database.url,
    operator: { name: 'ops', keyFile: alice.file },
  });

const verification = () =>
  verifyAudit(pool, { repository: { repo: base.repository.folder, stateFolder: base.stateFolder } });

async function signedCommit(subject: string, edits: Record<string, string>, key: Key) {
  for (const [path, text] of Object.entries(edits)) await base.repository.edit(path, text);
  await base.repository.git('add', '--all');
  const signing = ['-c', 'gpg.format=ssh', '-c', `user.signingkey=${key.file}`];
  await base.repository.git(...signing, 'commit', '--quiet', '-S', '-m', subject);
}

it('a chain with overrides in it is derived again, whole', async () => {
  await write(SET);
  await signedCommit('more', { 'flags/checkout.yaml': flagYaml('checkout', 20) }, dora);
  expect(await base.sync({ databaseUrl: database.url })).toMatchObject({ outcome: 'applied' });
  await write({ ...SET, serve: 'on' });
  await write(LIFT);
  expect(await verification()).not.toHaveProperty('break');
  const { rows } = await pool.query<{ action: string }>(
    `select summary ->> 'action' as action from halyard.audit_entry order by entry`,
  );
  expect(rows.map(({ action }) => action)).toEqual([
    'commit.applied',
    'override.set',
    'commit.applied',
    'override.set',
    'override.lifted',
  ]);
});

interface Forgery {
  /** What is signed and written. */
  chosen?: Partial<OverrideContent>;
  /** What is written alone. */
  written?: (content: OverrideContent) => Partial<OverrideContent>;
  key?: () => Key;
  /** What the row gets. */
  served?: Partial<OverrideContent>;
}

/** Everything that PostgreSQL itself asks of an entry, and whatever is wrong with it otherwise. */
async function forge({ chosen = {}, written, key = () => alice, served = {} }: Forgery): Promise<void> {
  const state = await readOverrideState(pool, PROJECT, REQUEST);
  const { head } = state;
  const content = { ...chosenContent(SET, state, Date.now()), ...chosen };
  const statement = { text: overrideStatement(content, head.lastHash), namespace: 'halyard-override' };
  const { signature: seal, fingerprint } = await signText(statement, key().file);
  const change = overriddenRow({ ...content, ...served }, state);
  const sealed: OverrideContent = {
    ...content,
    actor: 'alice',
    signature: { status: 'valid', fingerprint, person: 'alice' },
    seal,
    changes: describedChange(change, state),
  };
  const { repository, path, branch } = head;
  await applyEntry(
    pool,
    { repository, path, branch },
    head.lastEntry,
    { ...sealed, ...written?.(sealed) },
    { changes: [change], wanted: state.served.map((row) => (row === change.before && change.after) || row) },
  );
}

/** RFC 3339, so many seconds from now. */
function atSecond(seconds: number): string {
  return `${new Date(Date.now() + seconds * 1000).toISOString().slice(0, 19)}Z`;
}

describe('an override that is written by hand', () => {
  it('as the rules ask is one like any other', async () => {
    await forge({});
    expect(await verification()).not.toHaveProperty('break');
  });

  it.each<[string, Forgery]>([
    ['without a seal', { written: () => ({ seal: undefined, signature: { status: 'unsigned' } }) as never }],
    ['without a seal, as if there were one', { written: () => ({ seal: undefined }) as never }],
    ['by someone whom the policy does not let', { key: () => dora }],
    [
      'by someone whom the policy does not let, in their own name',
      {
        key: () => dora,
        written: ({ signature }) => ({ actor: 'dora', signature: { ...signature, person: 'dora' } }),
      },
    ],
    ['for years', { chosen: { until: '2099-01-01T00:00:00Z' } }],
    // By a minute: what it lasts alone tells, and not when it was recorded.
    ['for more than a day', { chosen: { at: atSecond(0), until: atSecond(24 * 3600 + 60) } }],
    ['for longer than was signed', { written: ({ until = '' }) => ({ until: until.replace('Z', '.5Z') }) }],
    ['for another reason than was signed', { written: () => ({ reason: 'all is well' }) }],
    ['with a row that serves something else', { served: { serve: 'on' } }],
    ['with a row that serves it longer', { served: { until: '2099-01-01T00:00:00Z' } }],
    ['of a variation that is none', { chosen: { serve: 'none' } }],
  ])('%s is named', async (_, forgery) => {
    await forge(forgery);
    expect(await verification()).toMatchObject({ break: { entry: 2 } });
  });

  it('with the seal of an earlier one is named', async () => {
    const { content } = await write(SET);
    await write(LIFT);
    const { serve = '', until = '', reason, at } = content;
    await forge({ chosen: { serve, until, reason, at }, written: () => ({ seal: content.seal }) as never });
    expect(await verification()).toMatchObject({ break: { entry: 4 } });
  });
});
