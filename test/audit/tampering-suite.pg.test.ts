// The tamper suite: on a chain of more than a thousand entries, whatever is changed, taken away, put in or moved is found.
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BreakKind } from '../../src/audit/break.ts';
import { type Derivation, deriveProject } from '../../src/audit/derive/project-derivation.ts';
import { openRepository } from '../../src/audit/derive/repository.ts';
import { verifyIn } from '../../src/audit/verify.ts';
import { Pool } from '../../src/db/pool.ts';
import { type Tx, withTransaction } from '../../src/db/transaction.ts';
import { createDatabase, type TestDatabase } from '../support/database.ts';
import { GitRepository, temporaryFolder } from '../support/git-repository.ts';
import { growChain, importHistory } from '../support/grown-chain.ts';
import { restoreChain } from '../support/restored-chain.ts';
import { PROJECT } from '../support/sync-project.ts';
import { withoutGuards } from '../support/without-guards.ts';
import { bytesOfColumns, bytesOfContents, type Tampering } from './changed-bytes.ts';
import { longHistory } from './long-chain.ts';
import { rewrites } from './rewrites.ts';
import { strokes } from './strokes.ts';
import { rewrite } from './superuser.ts';

const ENTRIES = 1_000;
/** The last ones come through every guard; those before them as a restore writes them. */
const GUARDED = 40;
/** The last commits are rejected. */
const LAST_REJECTED = 2;

let database: TestDatabase;
let repository: GitRepository;
let stateFolder: string;
let pool: Pool;

beforeAll(async () => {
  [database, repository, stateFolder] = await Promise.all([
    createDatabase(),
    GitRepository.create(),
    temporaryFolder('halyard-state-'),
  ]);
  pool = new Pool(database.url, { maxConnections: 1 });
  const steps = longHistory(ENTRIES);
  const ids = await importHistory(repository, steps);
  const restored = ENTRIES - GUARDED;
  await restoreChain(pool, repository, ids.slice(0, restored), steps.slice(0, restored));
  await growChain(pool, repository, ids, steps, restored);
});

afterAll(async () => {
  await pool.close();
  await database[Symbol.asyncDispose]();
  await repository[Symbol.asyncDispose]();
  await rm(stateFolder, { recursive: true, force: true });
});

test('the chain as it was grown is whole, and follows from its repository', async () => {
  await rolledBack(async (owner) => {
    expect(await verifyIn(owner)).toMatchObject({ projects: [{ entries: ENTRIES }] });
    expect((await verifyIn(owner)).break).toBeUndefined();
    const derivation = await derive(owner);
    expect(derivation).toMatchObject({ derived: ENTRIES, underivable: 0, pending: 0 });
    expect(derivation.break).toBeUndefined();
  });
});

describe('verify finds and names', () => {
  test('every changed byte of a sample of contents: altered', async () => {
    await expectFound(await bytesOfContents(pool, ENTRIES));
  });

  test.each(Object.entries(bytesOfColumns(ENTRIES)))(
    'a changed byte in each column of %s',
    async (_table, cases) => {
      await expectFound(cases);
    },
  );

  test.each(Object.entries(strokes(ENTRIES)))('%s', async (_stroke, cases) => {
    await expectFound(cases);
  });
});

test('times, transaction numbers and the shown name of the repository are in no entry, and prove nothing', async () => {
  await rolledBack((owner) =>
    withoutGuards(owner, async () => {
      await owner.query(
        `update halyard.audit_entry set recorded_at = recorded_at + interval '1 s', xid = '7' where entry = 26`,
      );
      await owner.query(`update halyard.project set repository = 'elsewhere'`);
    }).then(async () => expect((await verifyIn(owner)).break).toBeUndefined()),
  );
});

describe('a superuser who makes the whole database fit is found by the repository', () => {
  test.each(Object.entries(rewrites(ENTRIES)))('%s', async (_what, { forge, entry, says }) => {
    await rolledBack(async (owner) => {
      await withoutGuards(owner, () => forge(owner));
      const alone = await verifyIn(owner);
      expect(alone.break, 'the database by itself fits').toBeUndefined();
      const { break: found } = await derive(owner);
      expect(found).toMatchObject({ kind: 'diverged-from-git', entry });
      expect(found?.message).toContain(says);
    });
  });

  test('but rejections that are cut off with all that they left are only missing: the branch is ahead', async () => {
    await rolledBack(async (owner) => {
      await withoutGuards(owner, () => rewrite(owner, ENTRIES + 1 - LAST_REJECTED, () => []));
      expect((await verifyIn(owner)).break).toBeUndefined();
      const derivation = await derive(owner);
      expect(derivation.break).toBeUndefined();
      expect(derivation).toMatchObject({ derived: ENTRIES - LAST_REJECTED, pending: LAST_REJECTED });
    });
  });
});

async function derive(owner: Tx): Promise<Derivation> {
  const repositoryNow = await openRepository(owner, PROJECT, { repo: repository.folder, stateFolder });
  return deriveProject(owner, PROJECT, repositoryNow, () => {});
}

/** Each in a savepoint of one transaction of the owner, whose guards are off: only what was tampered with is found. */
async function expectFound(cases: readonly Tampering[]): Promise<void> {
  const found: [string, BreakKind | undefined][] = [];
  await rolledBack((owner) =>
    withoutGuards(owner, async () => {
      for (const { title, tamper } of cases) {
        await owner.query('savepoint honest');
        if (typeof tamper === 'string') await owner.query(tamper);
        else await tamper(owner);
        found.push([title, (await verifyIn(owner)).break?.kind]);
        await owner.query('rollback to savepoint honest');
      }
    }),
  );
  expect(found).toEqual(cases.map(({ title, kind }) => [title, kind]));
}

async function rolledBack(work: (owner: Tx) => Promise<void>): Promise<void> {
  const done = new Error('roll back');
  const run = withTransaction(pool, {}, async (owner) => {
    await owner.query('set local idle_in_transaction_session_timeout = 0');
    await work(owner);
    throw done;
  });
  await run.catch((error: unknown) => {
    if (error !== done) throw error;
  });
}
