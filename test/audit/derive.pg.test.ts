// Entries derived again from a real repository: honest ones follow, whatever happened to the branch.
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Verification, verifyAudit } from '../../src/audit/verify.ts';
import { withTransaction } from '../../src/db/transaction.ts';
import { acceptHistory } from '../../src/sync/accept-history.ts';
import { writeOverride } from '../../src/sync/override/write.ts';
import { canServeGit, serveGit } from '../support/git-https-server.ts';
import { MAIN } from '../support/main-file.ts';
import { makeSshKey } from '../support/signing.ts';
import { flagYaml, SyncProject, sampleFiles } from '../support/sync-project.ts';
import { withoutGuards } from '../support/without-guards.ts';
import { edited, type Forged, rewrite } from './superuser.ts';

let project: SyncProject;

beforeEach(async () => {
  project = await SyncProject.create();
});

afterEach(async () => {
  await project[Symbol.asyncDispose]();
});

function verify(stateFolder = project.stateFolder): Promise<Verification> {
  const { repository } = project;
  return verifyAudit(project.pool, { repository: { repo: repository.folder, stateFolder } });
}

test('a chain of edits, moves, rejections and deletions follows from its repository', async () => {
  const { repository } = project;
  await repository.commit('first', sampleFiles());
  await repository.commit('ramp', { 'flags/checkout.yaml': flagYaml('checkout', 25) });
  await repository.commit('elsewhere', { 'README.md': 'x' });
  await repository.commit('moved', {
    'flags/checkout.yaml': null,
    'flags/area/checkout.yaml': flagYaml('checkout', 30),
  });
  await project.sync();
  await repository.commit('bad', { 'flags/bad.yaml': 'flag: bad\n' });
  await repository.commit('worse', { 'flags/worse.yaml': 'flag: worse\n' });
  await project.sync();
  await repository.commit('mended', { 'flags/bad.yaml': flagYaml('bad'), 'flags/worse.yaml': null });
  await repository.commit('deleted', { 'flags/bad.yaml': null });
  await project.sync();
  expect(await verify()).toMatchObject({ derivation: { derived: 5, underivable: 0, pending: 0 } });
  expect((await verify()).break).toBeUndefined();
});

test('a branch that lost the commit that was judged last is named', async () => {
  const { repository } = project;
  await repository.commit('first', sampleFiles());
  await project.sync();
  const lost = await repository.commit('ramp', { 'flags/checkout.yaml': flagYaml('checkout', 25) });
  await project.sync();
  await repository.git('branch', 'elsewhere');
  await repository.git('reset', '-q', '--hard', 'HEAD~1');
  expect((await verify()).break).toEqual({
    project: 'acme/shop',
    kind: 'diverged-from-git',
    entry: 2,
    message: `the branch no longer holds ${lost}, the commit that was judged last`,
  });
});

test('commits that a rewritten history has lost are underivable once someone has accepted that, and missing before', async () => {
  const { repository } = project;
  const imported = await repository.commit('first', sampleFiles());
  await project.sync();
  await repository.commit('lost', { 'flags/checkout.yaml': flagYaml('checkout', 20) });
  await repository.commit('lost too', { 'flags/new.yaml': flagYaml('new') });
  await project.sync();
  await repository.git('reset', '--hard', '-q', imported);
  const head = await repository.commit('instead', { 'flags/checkout.yaml': flagYaml('checkout', 30) });
  expect((await project.sync()).outcome).toBe('diverged');
  await repository.git('reflog', 'expire', '--expire=now', '--all');
  // The mirror of sync has what was judged; a fresh one has what the repository has.
  expect((await verify()).break).toMatchObject({ kind: 'diverged-from-git', entry: 4 });
  const fresh = join(project.stateFolder, 'fresh');
  expect((await verify(fresh)).break).toMatchObject({
    kind: 'diverged-from-git',
    entry: 2,
    message: expect.stringContaining('the repository has no commit'),
  });
  const at = '2026-01-01T00:00:00Z';
  await acceptHistory({ databaseUrl: project.database.url, commit: head, actor: 'ops', at });
  await project.sync();
  await repository.commit('on', { 'flags/checkout.yaml': flagYaml('checkout', 40) });
  await project.sync();
  expect(await verify()).toMatchObject({ derivation: { derived: 7, underivable: 0 } });
  const derivation = await verify(fresh);
  expect(derivation.break).toBeUndefined();
  // Both lost ones, and the first after them, which changes rows whose bodies only they had.
  expect(derivation).toMatchObject({ derivation: { derived: 4, underivable: 3 } });
});

test('a head that was forced onto the branch and taken off again, and that no clone has, breaks nothing', async () => {
  const { repository } = project;
  await repository.commit('first', sampleFiles());
  const judged = await repository.commit('second', { 'flags/checkout.yaml': flagYaml('checkout', 20) });
  await project.sync();
  await repository.git('reset', '-q', '--hard', 'HEAD~1');
  await repository.commit('by mistake', { 'flags/checkout.yaml': flagYaml('checkout', 30) });
  expect((await project.sync()).outcome).toBe('diverged');
  await repository.git('reset', '-q', '--hard', judged);
  await repository.commit('third', { 'flags/checkout.yaml': flagYaml('checkout', 40) });
  await repository.git('reflog', 'expire', '--expire=now', '--all');
  await repository.git('gc', '-q', '--prune=now');
  await project.sync();
  const fresh = await verify(join(project.stateFolder, 'fresh'));
  expect(fresh.break).toBeUndefined();
  expect(fresh).toMatchObject({ derivation: { derived: 3, underivable: 0, pending: 0 } });
});

test('a branch that was moved on by a merge the wrong way round follows all the same', async () => {
  const { repository } = project;
  await repository.commit('first', sampleFiles());
  await repository.git('branch', 'side');
  await repository.commit('judged', { 'flags/checkout.yaml': flagYaml('checkout', 20) });
  await project.sync();
  await repository.git('checkout', '-q', 'side');
  await repository.commit('on the side', { 'flags/other.yaml': flagYaml('other') });
  await repository.git('merge', '-q', '--no-edit', 'main');
  await repository.git('checkout', '-q', 'main');
  await repository.git('merge', '-q', '--ff-only', 'side');
  await project.sync();
  await repository.commit('next', { 'flags/checkout.yaml': flagYaml('checkout', 30) });
  await project.sync();
  const verification = await verify();
  expect(verification.break).toBeUndefined();
  expect(verification).toMatchObject({ derivation: { derived: 3, pending: 0 } });
});

test('commits that are not judged yet are counted, and a commit that was left out is a break', async () => {
  const { repository } = project;
  await repository.commit('first', sampleFiles());
  await project.sync();
  await repository.commit('second', { 'flags/checkout.yaml': flagYaml('checkout', 20) });
  await repository.commit('elsewhere', { 'README.md': 'x' });
  await repository.commit('third', { 'flags/checkout.yaml': flagYaml('checkout', 30) });
  expect(await verify()).toMatchObject({ derivation: { derived: 1, pending: 2 } });
});

test.skipIf(!canServeGit())(
  'a repository behind a URL is mirrored, its files a window at a time',
  async () => {
    const { repository, stateFolder } = project;
    await repository.commit('first', sampleFiles());
    await project.sync();
    for (let percent = 20; percent < 40; percent++)
      await repository.commit(`${percent}`, { 'flags/checkout.yaml': flagYaml('checkout', percent) });
    await project.sync();
    await repository.git('config', 'uploadpack.allowFilter', 'true');
    await repository.git('config', 'uploadpack.allowAnySHA1InWant', 'true');
    const token = 'hunter2hunter2';
    await using server = await serveGit(repository.folder, stateFolder, token);
    const tokenFile = join(stateFolder, 'token');
    await writeFile(tokenFile, token);
    const args = ['--repo', server.url, '--git-token-file', tokenFile, '--format', 'json'];
    const environment = { GIT_SSL_CAINFO: server.certificateFile };
    const place = ['--database-url', project.database.url, '--state-dir', join(stateFolder, 'fresh')];
    const ended = await runHalyard(['audit', 'verify', ...place, ...args], environment);
    expect(ended.code, ended.stdout + ended.stderr).toBe(0);
    expect(JSON.parse(ended.stdout)).toMatchObject({ whole: true, derivation: { derived: 21 } });
    // The history, and then all the files that there were.
    expect(server.packs).toBe(2);
  },
);

test('entries of version 1 are held to their commits and rows, whatever was judged then', async () => {
  const { repository } = project;
  await repository.commit('first', sampleFiles());
  await project.sync();
  await repository.commit('second', { 'flags/checkout.yaml': flagYaml('checkout', 20) });
  await repository.commit('bad', { 'flags/bad.yaml': 'flag: bad\n' });
  await project.sync();
  const asOld = (contents: Forged[]) =>
    contents.map((c) => ({
      ...c,
      v: 1,
      ...(c.problems.length > 0 && { problems: [{ ...c.problems[0], line: 9 }] }),
    }));
  await forge(1, asOld);
  expect(await verify()).toMatchObject({ derivation: { derived: 3, underivable: 0 } });
  expect((await verify()).break).toBeUndefined();
  await forge(
    2,
    edited((c) => (c.subject = 'forged')),
  );
  expect((await verify()).break).toMatchObject({ kind: 'diverged-from-git', entry: 2 });
});

test('an override is held to its seal, its end and its effect', async () => {
  const { repository, database, stateFolder } = project;
  await repository.commit('first', sampleFiles());
  await project.sync();
  const key = await makeSshKey(stateFolder, 'operator');
  await writeOverride(
    {
      action: 'set',
      flag: 'checkout',
      environment: 'prod',
      serve: 'on',
      forMs: 3_600_000,
      reason: 'an incident',
    },
    { databaseUrl: database.url, operator: { name: 'ops', keyFile: key.file } },
  );
  const whole = await verify();
  expect(whole.break).toBeUndefined();
  expect(whole).toMatchObject({ derivation: { derived: 2, signatures: 1 } });
  const until = (c: Forged, hours: number) =>
    new Date(Date.parse(c.at) + hours * 3_600_000).toISOString().replace('.000', '');
  const cases: [says: string, edit: (content: Forged) => unknown][] = [
    ['it does not end within 24 hours', (c) => (c.until = until(c, 48))],
    ['it does not end within 24 hours', (c) => (c.until = c.at)],
    ['changes[0].after is', (c) => (c.until = until(c, 2))],
    ['the flag has no such variation', (c) => (c.serve = 'purple')],
    ['signature.fingerprint is', (c) => (c.reason = 'nothing')],
    ['signature.fingerprint is', (c) => delete c.seal],
    ['there was no such flag', (c) => (c.flag = 'search')],
    ['there was no override to lift', (c) => (c.action = 'override.lifted')],
  ];
  for (const [says, edit] of cases) {
    const [, honest] = await project.entries();
    await forge(2, edited(edit));
    expect((await verify()).break?.message).toContain(says);
    await forge(2, () => [honest]);
  }
  expect((await verify()).break).toBeUndefined();
});

test('the command tells counts, progress and what is away by its exit code', async () => {
  const { repository, database, stateFolder } = project;
  await repository.commit('first', sampleFiles());
  await project.sync();
  const run = (...args: string[]) =>
    runHalyard(['audit', 'verify', '--database-url', database.url, '--state-dir', stateFolder, ...args]);
  const whole = await run('--repo', repository.folder, '--format', 'json', '--progress');
  expect(whole.code, whole.stderr).toBe(0);
  expect(JSON.parse(whole.stdout)).toMatchObject({
    whole: true,
    derivation: { derived: 1, underivable: 0, signatures: 0, pending: 0 },
  });
  expect(whole.stderr).toContain('deriving it from git of acme/shop: 1 of 1 entries');
  expect(await run('--repo', repository.folder)).toMatchObject({
    code: 0,
    stderr: '',
    stdout: expect.stringContaining('derived 1 entry derived again, 0 signatures verified'),
  });
  expect(await run('--repo', join(stateFolder, 'nowhere'))).toMatchObject({ code: 3 });
  expect(await run('--repo', repository.folder, '--branch', 'gone')).toMatchObject({ code: 3 });
  expect(await run('--path', 'flags')).toMatchObject({ code: 2 });
  await forge(
    1,
    edited((c) => (c.author = 'Eve <eve@example.com>')),
  );
  const broken = await run('--repo', repository.folder);
  expect(broken).toMatchObject({ code: 1, stdout: expect.stringContaining('diverged-from-git') });
});

async function forge(from: number, how: (contents: Forged[]) => Forged[] | undefined): Promise<void> {
  await withTransaction(project.pool, {}, (owner) => withoutGuards(owner, () => rewrite(owner, from, how)));
}

async function runHalyard(
  args: string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  const run = promisify(execFile)(process.execPath, [MAIN, ...args], {
    env: { ...process.env, NO_COLOR: '1', ...environment },
  });
  return run.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );
}
