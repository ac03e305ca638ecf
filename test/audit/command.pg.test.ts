// `halyard migrate` and `halyard audit` as their users run them: what they print, and how they exit.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { Pool } from '../../src/db/pool.ts';
import { withTransaction } from '../../src/db/transaction.ts';
import { createDatabase } from '../support/database.ts';
import { MAIN } from '../support/main-file.ts';
import { applyCommit, flag, writeEntry } from './writing.ts';

async function halyard(url: string, ...args: string[]) {
  const env = { ...process.env, HALYARD_DATABASE_URL: url, NO_COLOR: '1' };
  const run = promisify(execFile)(process.execPath, [MAIN, ...args], { env });
  return run.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({
      code,
      stdout,
      stderr,
    }),
  );
}

test('migrate prints what it applied, and then that there is nothing to do', async () => {
  await using database = await createDatabase({ migrated: false });
  expect(await halyard(database.url, 'audit', 'verify')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Run `halyard migrate` first'),
  });
  expect(await halyard(database.url, 'migrate')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^applied 0001 tables\napplied 0002 /),
  });
  expect(await halyard(database.url, 'migrate')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('Nothing to do'),
  });
  expect(JSON.parse((await halyard(database.url, 'migrate', '--format', 'json')).stdout)).toEqual({
    applied: [],
    roles: ['halyard_sync', 'halyard_relay', 'halyard_collector', 'halyard_analyst', 'halyard_reader'],
  });
});

test('audit log, show and verify tell people and programs the same', async () => {
  await using database = await createDatabase();
  {
    await using pool = new Pool(database.url);
    await applyCommit(pool, 'acme/shop', flag('checkout', 1));
    const problems = [{ code: 'unknown-field', file: 'checkout.yaml', line: 3, column: 7 }];
    await withTransaction(pool, {}, (tx) =>
      writeEntry(tx, 'acme/shop', [], {
        action: 'commit.rejected',
        problems,
        subject: 'red \u001b[31m alert',
      }),
    );
  }

  const log = await halyard(database.url, 'audit', 'log');
  expect(log.stdout).toMatch(/^#2 {2}commit\.rejected {2}.*Author 2/);
  expect(log.stdout).toContain('\n    1 problem\n#1  commit.applied  revision 1  ');
  expect(log.stdout).toContain('    flag checkout  dev, prod\n');
  expect(log.stdout).not.toContain('\u001b');
  const listed = JSON.parse(
    (await halyard(database.url, 'audit', 'log', '--flag', 'checkout', '--format', 'json')).stdout,
  );
  expect(listed).toMatchObject({
    project: 'acme/shop',
    entries: [{ entry: 1, changes: [{ key: 'checkout' }] }],
  });
  expect((await halyard(database.url, 'audit', 'log', '--since', '2999-01-01')).stdout).toBe('No entry.\n');

  const shown = await halyard(database.url, 'audit', 'show', '1');
  expect(shown.stdout).toContain('\nchanges\n    checkout  created\n');
  expect((await halyard(database.url, 'audit', 'show', '2')).stdout).toContain(
    'checkout.yaml:3:7  unknown-field',
  );
  const json = JSON.parse((await halyard(database.url, 'audit', 'show', '1', '--format', 'json')).stdout);
  expect(json).toMatchObject({ entry: 1, content: { v: 1, action: 'commit.applied' } });

  expect(await halyard(database.url, 'audit', 'verify')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^whole {3}acme\/shop {2}2 entries, the last one [0-9a-f]{64}\n$/),
  });
  await using owner = new Pool(database.url);
  await owner.query('alter table halyard.audit_entry disable trigger refuse_rewrite');
  await owner.query(
    `update halyard.audit_entry set content = replace(content, 'Author 1', 'Nobody') where entry = 1`,
  );
  expect(await halyard(database.url, 'audit', 'verify')).toMatchObject({
    code: 1,
    stdout: 'broken  altered  acme/shop  entry 1: entry 1 is not what was written: its hash does not fit\n',
  });
  const broken = await halyard(database.url, 'audit', 'verify', '--format', 'json');
  expect(broken.code).toBe(1);
  expect(JSON.parse(broken.stdout)).toMatchObject({ whole: false, break: { kind: 'altered', entry: 1 } });
});

test('the log says who signed beside the author, whom anyone can make up, and finds people by both', async () => {
  await using database = await createDatabase();
  {
    await using pool = new Pool(database.url);
    await applyCommit(pool, 'acme/shop', flag('checkout', 1));
    await withTransaction(pool, {}, (tx) =>
      writeEntry(tx, 'acme/shop', [], {
        author: 'Alice Admin <alice@example.com>',
        signature: { status: 'valid', fingerprint: 'SHA256:x', person: 'bob' },
      }),
    );
  }
  for (const text of ['bob', 'Alice Admin']) {
    const { stdout } = await halyard(database.url, 'audit', 'log', '--author', text);
    expect(stdout).toMatch(/^#2 .* Alice Admin <alice@example\.com> {2}signed by bob {2}/);
    expect(stdout).not.toContain('#1');
  }
});

test('wrong use exits with 2, a database that is away with 3', async () => {
  await using database = await createDatabase();
  for (const args of [
    ['audit', 'show', '1'],
    ['audit', 'show', 'one'],
    ['audit', 'log', '--since', 'soon'],
    ['audit', 'log', '--format', 'xml'],
    ['audit', 'verify', '--project', 'acme/none'],
    ['audit', 'nonsense'],
  ]) {
    expect({ args, ...(await halyard(database.url, ...args)) }).toMatchObject({ args, code: 2 });
  }
  expect(await halyard('postgres://127.0.0.1:1/none', 'audit', 'verify')).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('does not answer'),
  });
});
