// The HTTP server of sync: a webhook that only wakes, probes, metrics and status.
import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { UnreachableError } from '../../src/lib/errors.ts';
import { createSyncServer, startSyncServer } from '../../src/sync/server.ts';
import { SyncStatus } from '../../src/sync/status.ts';
import { isFromForge } from '../../src/sync/webhook.ts';

const SECRET = 'a secret of some length';
const source = { repository: 'https://git.example.com/acme/shop.git', path: 'flags', branch: 'main' };

function setUp() {
  let nowMs = 1_000_000;
  let woken = 0;
  const status = new SyncStatus(source, () => nowMs);
  const app = createSyncServer({ status, webhookSecret: SECRET, wake: () => woken++ });
  return {
    app,
    status,
    woken: () => woken,
    pass: (ms: number) => {
      nowMs += ms;
    },
  };
}

const signed = (body: string | Buffer, secret = SECRET) => ({
  'content-type': 'application/json',
  'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
});

describe('the webhook', () => {
  test('wakes for a signature over the raw body, whatever the body is', async () => {
    const { app, woken } = setUp();
    const bodies = ['{"ref":"refs/heads/main"}', '{ "ref" :1}', 'no json', Buffer.from([0, 255, 254])];
    for (const body of bodies) {
      const answer = await app.inject({
        method: 'POST',
        url: '/hooks/git',
        headers: signed(body),
        payload: body,
      });
      expect(answer.statusCode).toBe(202);
    }
    expect(woken()).toBe(bodies.length);
  });

  test('wakes for GitLab’s token', async () => {
    const { app, woken } = setUp();
    const headers = { 'x-gitlab-token': SECRET };
    expect((await app.inject({ method: 'POST', url: '/hooks/git', headers, payload: '{}' })).statusCode).toBe(
      202,
    );
    expect(woken()).toBe(1);
  });

  test.each<[string, Record<string, string>, string]>([
    ['no signature', {}, '{}'],
    ['another secret', signed('{}', 'another'), '{}'],
    ['another body', signed('{}'), '{ }'],
    ['a signature that is too short', { 'x-hub-signature-256': 'sha256=' }, '{}'],
    ['SHA-1', { 'x-hub-signature': `sha1=${createHmac('sha1', SECRET).update('{}').digest('hex')}` }, '{}'],
    ['another token', { 'x-gitlab-token': `${SECRET}x` }, '{}'],
    [
      'a wrong signature beside a right token',
      { ...signed('{}', 'another'), 'x-gitlab-token': SECRET },
      '{}',
    ],
  ])('does not wake for %s', async (_, headers, payload) => {
    const { app, woken } = setUp();
    const answer = await app.inject({ method: 'POST', url: '/hooks/git', headers, payload });
    expect(answer.statusCode).toBe(401);
    expect(woken()).toBe(0);
  });

  test('keeps nothing of a body that it reads', async () => {
    // One buffer for all pieces, as a socket may lend it.
    async function* pieces() {
      const piece = Buffer.alloc(1);
      for (const byte of Buffer.from('{}')) {
        piece[0] = byte;
        yield piece;
      }
    }
    expect(await isFromForge(SECRET, signed('{}'), pieces())).toBe(true);
    expect(await isFromForge(SECRET, signed('}}'), pieces())).toBe(false);
  });

  test('refuses a body that no forge sends', async () => {
    await using server = await startSyncServer({
      host: '127.0.0.1',
      port: 0,
      status: new SyncStatus(source, () => 0),
      webhookSecret: SECRET,
      wake: () => expect.fail('it was woken'),
    });
    const body = Buffer.alloc(26 * 1024 * 1024);
    const answer = await fetch(`${server.url}/hooks/git`, { method: 'POST', headers: signed(body), body });
    expect(answer.status).toBe(413);
  });

  test('is not there without a secret', async () => {
    const app = createSyncServer({ status: new SyncStatus(source, () => 0), wake: () => {} });
    expect((await app.inject({ method: 'POST', url: '/hooks/git', payload: '{}' })).statusCode).toBe(404);
  });
});

test('it is ready while trips come to their end', async () => {
  const { app, status } = setUp();
  const ready = async () => (await app.inject('/readyz')).statusCode;
  expect((await app.inject('/livez')).statusCode).toBe(200);
  expect(await ready()).toBe(503);
  status.succeeded('applied', 'c0ffee', undefined);
  expect(await ready()).toBe(200);
  status.failed(new UnreachableError('git', 'It does not answer.'));
  expect(await ready()).toBe(503);
});

test('the status names the last success, its age, and what is wrong', async () => {
  const { app, status, pass } = setUp();
  expect((await app.inject('/v1/status')).json()).toEqual({
    state: 'starting',
    ...source,
    failuresInARow: 0,
    overrides: [],
  });
  status.heard({
    type: 'rejected',
    project: 'acme/shop',
    entry: 4,
    commit: 'c0ffee',
    author: 'Ada <ada@example.com>',
    subject: 'oops',
    signature: { status: 'unsigned' },
    approvedBy: [],
    problems: [
      { file: 'a.yaml', line: 3, column: 5, code: 'unknown-key', severity: 'error', message: 'x', hint: 'y' },
    ],
  });
  const head = {
    project: 'acme/shop',
    ...source,
    lastEntry: 4,
    lastHash: '',
    lastRevision: 2,
    lastJudgedCommit: 'c0ffee',
  };
  status.succeeded('rejected', 'c0ffee', { head, rows: new Map(), overrides: new Map(), carries: [] });
  pass(1_500);
  expect((await app.inject('/v1/status')).json()).toEqual({
    state: 'rejected',
    project: 'acme/shop',
    ...source,
    head: 'c0ffee',
    lastJudgedCommit: 'c0ffee',
    entry: 4,
    revision: 2,
    lastSuccessAt: '1970-01-01T00:16:40.000Z',
    lastSuccessAgeMs: 1_500,
    lastProblem: 'a.yaml:3:5 unknown-key',
    failuresInARow: 0,
    overrides: [],
  });
  status.failed(new UnreachableError('postgres', 'PostgreSQL does not answer.'));
  expect((await app.inject('/v1/status')).json()).toMatchObject({
    state: 'failing',
    lastProblem: 'PostgreSQL does not answer.',
    failuresInARow: 1,
  });
});

test('the metrics count commits and failures, and say what is wrong now', async () => {
  const { app, status, pass } = setUp();
  const signature = { status: 'unsigned' } as const;
  const who = { author: 'a', subject: 's', signature, approvedBy: [] };
  const judged = { project: 'p', entry: 1, commit: 'c', ...who };
  status.heard({ type: 'applied', ...judged, revision: 1, changes: [] });
  status.heard({ type: 'applied', ...judged, changes: [] });
  const denied = {
    code: 'access-denied',
    line: 1,
    column: 1,
    severity: 'error',
    message: 'm',
    hint: 'h',
  } as const;
  status.heard({
    type: 'rejected',
    ...judged,
    problems: ['a.yaml', 'b.yaml'].map((file) => ({ ...denied, file })),
  });
  expect(status.report().lastProblem).toBe('a.yaml:1:1 access-denied: m');
  status.failed(new UnreachableError('git', 'x'));
  status.succeeded('rejected', 'c', undefined);
  pass(2_000);
  const text = (await app.inject('/metrics')).body;
  for (const line of [
    'halyard_sync_commits_total{result="applied"} 1',
    'halyard_sync_commits_total{result="unchanged"} 1',
    'halyard_sync_commits_total{result="rejected"} 1',
    'halyard_sync_refusals_total{code="access-denied"} 1',
    'halyard_sync_refusals_total{code="approval-missing"} 0',
    'halyard_sync_awaiting_approval 0',
    'halyard_sync_failures_total{cause="git"} 1',
    'halyard_sync_failures_total{cause="postgres"} 0',
    'halyard_sync_up 1',
    'halyard_sync_rejected 1',
    'halyard_sync_diverged 0',
    'halyard_sync_last_success_age_seconds 2',
  ]) {
    expect(text.split('\n')).toContain(line);
  }
});

test('a branch that is not taken is told until it moves on, and sync stays ready', async () => {
  const { app, status } = setUp();
  status.heard({ type: 'refused', reason: 'the repository holds what git refuses' });
  status.succeeded('refused', undefined, undefined);
  expect(status.report()).toMatchObject({
    state: 'refused',
    lastProblem: 'the repository holds what git refuses',
    failuresInARow: 0,
  });
  expect((await app.inject('/metrics')).body).toContain('halyard_sync_rejected 1');
  expect((await app.inject('/readyz')).statusCode).toBe(200);
  status.succeeded('applied', 'abc', undefined);
  expect(status.report()).not.toHaveProperty('lastProblem');
});

test('a port that is in use is one clear sentence', async () => {
  const options = { host: '127.0.0.1', status: new SyncStatus(source, () => 0), wake: () => {} };
  await using first = await startSyncServer({ ...options, port: 0 });
  const port = Number(new URL(first.url).port);
  await expect(startSyncServer({ ...options, port })).rejects.toThrow(
    `--listen 127.0.0.1:${port} is not possible: the port is in use. Choose another address.`,
  );
});
