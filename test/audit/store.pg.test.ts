// Writing and reading the audit on a real database: the head that sync judges from, and the log with its filters.
import { expect, test } from 'vitest';
import type { HistoryContent } from '../../src/audit/content.ts';
import { chooseProject, listEntries, PAGE_SIZE, readEntry } from '../../src/audit/log.ts';
import { appendEntry, createProject, lockProject, type ProjectHead } from '../../src/audit/store.ts';
import { verifyAudit } from '../../src/audit/verify.ts';
import { Pool } from '../../src/db/pool.ts';
import { type Tx, withTransaction } from '../../src/db/transaction.ts';
import { createDatabase } from '../support/database.ts';
import { applyCommit, contentFor, flag, noFlag, writeEntry } from './writing.ts';

const PROJECT = 'acme/shop';
const SOURCE = { repository: 'https://example.com/shop.git', path: 'flags', branch: 'main' };

function lockedHead(pool: Pool, project = PROJECT): Promise<ProjectHead | undefined> {
  return withTransaction(pool, {}, (tx) => lockProject(tx, project));
}

async function writeHistory(tx: Tx, action: HistoryContent['action'], commit: string): Promise<void> {
  const head = await lockProject(tx, PROJECT);
  if (!head) throw new Error('the project is there');
  await appendEntry(tx, head, {
    v: 1,
    project: PROJECT,
    entry: head.lastEntry + 1,
    action,
    commit,
    base: head.lastJudgedCommit ?? '',
    at: '2026-01-01T00:00:00Z',
    actor: 'alice',
    changes: [],
  });
}

test('the head follows each entry: last entry and hash, revision, judged commit, and a history to be accepted', async () => {
  await using database = await createDatabase();
  await using pool = new Pool(database.url);
  expect(await lockedHead(pool)).toBeUndefined();

  const first = await applyCommit(pool, PROJECT, flag('checkout', 1));
  expect(await lockedHead(pool)).toEqual({
    project: PROJECT,
    ...SOURCE,
    lastEntry: 1,
    lastHash: first.hash,
    lastRevision: 1,
    lastJudgedCommit: first.commit,
  });

  const rejected = await withTransaction(pool, {}, (tx) =>
    writeEntry(tx, PROJECT, [], { action: 'commit.rejected' }),
  );
  expect(await lockedHead(pool)).toMatchObject({
    lastEntry: 2,
    lastRevision: 1,
    lastJudgedCommit: rejected.commit,
  });

  await withTransaction(pool, {}, (tx) => writeHistory(tx, 'history.diverged', 'd1'));
  await withTransaction(pool, {}, (tx) => writeHistory(tx, 'history.accepted', 'd2'));
  expect(await lockedHead(pool)).toMatchObject({
    lastEntry: 4,
    lastJudgedCommit: rejected.commit,
    history: { action: 'history.accepted', commit: 'd2', entry: 4 },
  });

  await applyCommit(pool, PROJECT, flag('checkout', 2));
  expect(await lockedHead(pool)).not.toHaveProperty('history');
  expect((await verifyAudit(pool)).break).toBeUndefined();
});

test('the project’s row takes its source from the head that an entry is appended to', async () => {
  await using database = await createDatabase();
  await using pool = new Pool(database.url);
  await applyCommit(pool, PROJECT, flag('checkout', 1));
  await withTransaction(pool, {}, async (tx) => {
    const head = await lockProject(tx, PROJECT);
    if (!head) throw new Error('the project is there');
    await appendEntry(tx, { ...head, branch: 'release' }, contentFor(head, []));
  });
  expect(await lockedHead(pool)).toMatchObject({ ...SOURCE, branch: 'release' });
});

test('of two that make the same project one finds the other’s', async () => {
  await using database = await createDatabase();
  await using pool = new Pool(database.url);
  const make = () =>
    withTransaction(pool, {}, async (tx) => {
      const head = await createProject(tx, PROJECT, SOURCE);
      if (head.lastEntry === 0) await appendEntry(tx, head, contentFor(head, []));
      return head.lastEntry;
    });
  const heads = await Promise.all([make(), make(), make()]);
  expect(heads.toSorted((a, b) => a - b)).toEqual([0, 1, 1]);
});

test('an entry that is not the next one is our own fault', async () => {
  await using database = await createDatabase();
  await using pool = new Pool(database.url);
  await applyCommit(pool, PROJECT, flag('checkout', 1));
  const late = withTransaction(pool, {}, async (tx) => {
    const head = await lockProject(tx, PROJECT);
    if (!head) throw new Error('the project is there');
    await appendEntry(tx, head, { ...contentFor(head, []), entry: 7 });
  });
  await expect(late).rejects.toThrow(/AssertionError|strictly equal/);
});

test('the log lists newest first, with what each entry changed, and by every filter', async () => {
  await using database = await createDatabase();
  await using pool = new Pool(database.url);
  await applyCommit(pool, PROJECT, [...flag('checkout', 1), ...flag('search', 1)]);
  await applyCommit(
    pool,
    PROJECT,
    flag('checkout', 2).filter(({ environment }) => environment !== 'dev'),
  );
  const problems = [{ code: 'unknown-field', file: 'checkout.yaml', line: 3, column: 1 }];
  await withTransaction(pool, {}, (tx) =>
    writeEntry(tx, PROJECT, [], { action: 'commit.rejected', problems }),
  );
  await applyCommit(pool, PROJECT, noFlag('search'));
  await applyCommit(pool, 'acme/other', flag('checkout', 1));

  const entries = await listEntries(pool, { project: PROJECT });
  expect(entries.map(({ entry, changes, problems }) => ({ entry, changes, problems }))).toEqual([
    { entry: 4, changes: [{ kind: 'flag', key: 'search', environments: ['dev', 'prod'] }], problems: 0 },
    { entry: 3, changes: [], problems: 1 },
    { entry: 2, changes: [{ kind: 'flag', key: 'checkout', environments: ['prod'] }], problems: 0 },
    {
      entry: 1,
      changes: [
        { kind: 'flag', key: 'checkout', environments: ['dev', 'prod'] },
        { kind: 'flag', key: 'search', environments: ['dev', 'prod'] },
      ],
      problems: 0,
    },
  ]);
  expect(entries[1]?.summary).toMatchObject({
    action: 'commit.rejected',
    author: 'Author 3 <author-3@example.com>',
  });

  const numbers = async (filter: object) =>
    (await listEntries(pool, { project: PROJECT, ...filter })).map(({ entry }) => entry);
  expect(await numbers({ flag: 'checkout' })).toEqual([2, 1]);
  expect(await numbers({ flag: 'checkout', environment: 'dev' })).toEqual([1]);
  expect(await numbers({ environment: 'dev' })).toEqual([4, 1]);
  expect(await numbers({ author: 'AUTHOR-2@' })).toEqual([2]);
  expect(await numbers({ author: '%' })).toEqual([]);
  expect(await numbers({ before: 3 })).toEqual([2, 1]);
  expect(await numbers({ since: new Date(Date.now() + 60_000) })).toEqual([]);
  expect(await numbers({ since: entries[2]?.recordedAt })).toEqual([4, 3, 2]);
});

test('the log comes in pages', async () => {
  await using database = await createDatabase();
  await using pool = new Pool(database.url);
  for (let n = 0; n <= PAGE_SIZE; n++) await applyCommit(pool, PROJECT, []);
  const first = await listEntries(pool, { project: PROJECT });
  expect(first).toHaveLength(PAGE_SIZE);
  const second = await listEntries(pool, { project: PROJECT, before: first.at(-1)?.entry as number });
  expect(second.map(({ entry }) => entry)).toEqual([1]);
});

test('one entry is read whole, and a command finds the only project by itself', async () => {
  await using database = await createDatabase();
  await using pool = new Pool(database.url);
  await expect(chooseProject(pool)).rejects.toThrow(/no project yet/);
  const { hash } = await applyCommit(pool, PROJECT, flag('checkout', 1));
  expect(await chooseProject(pool)).toBe(PROJECT);
  const entry = await readEntry(pool, PROJECT, 1);
  expect(entry).toMatchObject({ entry: 1, hash, content: { action: 'commit.applied', revision: 1 } });
  expect(entry?.content.changes).toHaveLength(3);
  expect(await readEntry(pool, PROJECT, 2)).toBeUndefined();
  await applyCommit(pool, 'acme/other', flag('checkout', 1));
  await expect(chooseProject(pool)).rejects.toThrow(/several projects. .* acme\/other, acme\/shop/);
  await expect(chooseProject(pool, 'acme/none')).rejects.toThrow(/no project acme\/none/);
});
