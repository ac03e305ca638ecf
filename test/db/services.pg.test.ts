// The services whole, each as a login in its group and nothing more: sync and override, relay, audit.
import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyAudit } from '../../src/audit/verify.ts';
import { startTemporaryPostgres } from '../../src/db/embedded-postgres.ts';
import { migrate } from '../../src/db/migrate.ts';
import { Pool } from '../../src/db/pool.ts';
import { ROLES } from '../../src/db/roles.ts';
import { UsageError } from '../../src/lib/errors.ts';
import { acceptHistory } from '../../src/sync/accept-history.ts';
import { writeOverride } from '../../src/sync/override/write.ts';
import { relay } from '../relay/start.ts';
import { until } from '../relay/support.ts';
import { temporaryFolder } from '../support/git-repository.ts';
import { MAIN } from '../support/main-file.ts';
import { createLogin, type ServiceLogin } from '../support/service-login.ts';
import { madeKey } from '../support/signing-key.ts';
import { flagYaml, PROJECT, SyncProject, sampleFiles } from '../support/sync-project.ts';

/** Runs a command as people do; its exit code and all that it prints. */
async function halyard(url: string, ...args: string[]): Promise<{ code: number; text: string }> {
  const env = { ...process.env, HALYARD_DATABASE_URL: url, NO_COLOR: '1' };
  return promisify(execFile)(process.execPath, [MAIN, ...args], { env }).then(
    ({ stdout, stderr }) => ({ code: 0, text: stdout + stderr }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({
      code,
      text: stdout + stderr,
    }),
  );
}

describe('with a login in its group', () => {
  let project: SyncProject;
  let sync: ServiceLogin;
  let reader: ServiceLogin;
  let relayLogin: ServiceLogin;
  beforeAll(async () => {
    project = await SyncProject.create();
    const { url } = project.database;
    sync = await createLogin(url, { group: 'halyard_sync' });
    reader = await createLogin(url, { group: 'halyard_reader' });
    relayLogin = await createLogin(url, {
      group: 'halyard_relay',
      sees: { project: PROJECT, environment: 'prod' },
    });
    await project.repository.commit('First', { ...sampleFiles(), 'flags/old.yaml': flagYaml('old') });
    await project.sync({ databaseUrl: sync.url });
  });
  afterAll(async () => {
    for (const login of [sync, reader, relayLogin]) await login[Symbol.asyncDispose]();
    await project[Symbol.asyncDispose]();
  });

  test('sync applies, deletes, rejects, takes rewritten history and overrides', async () => {
    const asSync = { databaseUrl: sync.url };
    await project.repository.commit('Ramp', { 'flags/checkout.yaml': flagYaml('checkout', 50) });
    await project.repository.commit('Delete', { 'flags/old.yaml': null });
    expect((await project.sync(asSync)).outcome).toBe('applied');
    await project.repository.commit('Broken', { 'flags/checkout.yaml': 'flag: [' });
    expect((await project.sync(asSync)).outcome).toBe('rejected');
    const flag = { flag: 'checkout', environment: 'prod' };
    const options = { ...asSync, operator: { name: 'ops' } };
    await writeOverride({ ...flag, action: 'set', serve: 'on', forMs: 3_600_000, reason: 'why' }, options);
    await writeOverride({ ...flag, action: 'lift', reason: 'why' }, options);
    await project.repository.git('reset', '--quiet', '--hard', 'HEAD~2');
    const head = await project.repository.commit('Again', {
      'flags/checkout.yaml': flagYaml('checkout', 60),
    });
    expect((await project.sync(asSync)).outcome).toBe('diverged');
    await acceptHistory({ ...asSync, commit: head, actor: 'ops', at: new Date().toISOString() });
    expect((await project.sync(asSync)).outcome).toBe('applied');
    expect(await verifyAudit(project.pool)).not.toHaveProperty('break');
  });

  test('a relay finds its project, serves, follows and witnesses', async () => {
    await using served = await relay({ source: relayLogin.url });
    await served.ready;
    expect(served.statusNow()).toMatchObject({ project: PROJECT, stale: false });
    const before = served.statusNow().revision as number;
    await project.repository.commit('Ramp on', { 'flags/checkout.yaml': flagYaml('checkout', 70) });
    await project.sync({ databaseUrl: sync.url });
    await until(() => served.statusNow().revision === before + 1);
    const [end] = await project.query<{ entry: number }>(
      'select max(entry) as entry from halyard.audit_entry',
    );
    await until(() => (served.statusNow().witness as { entry: number }).entry === end?.entry);
  });

  test('a relay is told that its login may not see what it is to serve', async () => {
    const faultOf = (served: Awaited<ReturnType<typeof relay>>) =>
      (served.statusNow().source as { lastError?: { code: string; message: string } }).lastError;
    await using dev = await relay({ source: relayLogin.url, environment: 'dev' });
    await until(() => faultOf(dev)?.code === 'environment');
    expect(faultOf(dev)?.message).toMatch(/relay_login.* There is prod$/);
    await using other = await createLogin(project.database.url, { group: 'halyard_relay' });
    await using unmapped = await relay({ source: other.url });
    await until(() => faultOf(unmapped)?.code === 'project');
    expect(faultOf(unmapped)?.message).toContain('halyard.relay_login');
    await unmapped.stop();
  });

  test('a reader lists, shows, verifies and signs', async () => {
    const folder = await temporaryFolder('halyard-keys-');
    await madeKey(folder, 'key');
    for (const args of [['log'], ['show', '1'], ['verify'], ['checkpoint', '--key', join(folder, 'key')]]) {
      expect(await halyard(reader.url, 'audit', ...args)).toMatchObject({ code: 0 });
    }
    await rm(folder, { recursive: true });
  });

  test.each(['sync', 'read the audit'])('a relay’s login may not %s', async (what) => {
    const args =
      what === 'sync' ? ['sync', '--once', '--repo', project.repository.folder] : ['audit', 'verify'];
    expect(await halyard(relayLogin.url, ...args)).toMatchObject({
      code: 2,
      text: expect.stringContaining('permission denied'),
    });
  });

  test('a reader’s login may not sync', async () => {
    await project.repository.commit('More', { 'flags/checkout.yaml': flagYaml('checkout', 80) });
    const state = await temporaryFolder('halyard-state-');
    const args = ['sync', '--once', '--repo', project.repository.folder, '--state-dir', state];
    expect(await halyard(reader.url, ...args)).toMatchObject({
      code: 2,
      text: expect.stringContaining('permission denied'),
    });
    await rm(state, { recursive: true });
  });
});

test('where the migrator may not create roles it says both ways and changes nothing; without roles it goes, and an administrator makes up for it', async () => {
  // A server of its own: roles are the server's, and here they must be missing at first.
  await using server = await startTemporaryPostgres();
  await using admin = new Pool(server.url, { maxConnections: 1 });
  await admin.query('create role deployer login');
  await admin.query(`create database app owner deployer template template0 encoding 'UTF8'`);
  const [asAdmin, asDeployer] = ['postgres', 'deployer'].map((user) => {
    const url = new URL(server.url);
    url.pathname = '/app';
    url.username = user;
    return url.href;
  }) as [string, string];
  await admin.query(`alter role deployer password '${new URL(server.url).password}'`);

  const refused = await halyard(asDeployer, 'migrate');
  expect(refused).toMatchObject({ code: 2, text: expect.stringContaining('--no-roles') });
  expect(refused.text).toContain('createrole');
  await using app = new Pool(asAdmin, { maxConnections: 1 });
  expect((await app.query(`select from pg_namespace where nspname = 'halyard'`)).rows).toEqual([]);

  const without = await halyard(asDeployer, 'migrate', '--no-roles');
  expect(without).toMatchObject({ code: 0, text: expect.stringContaining('No roles were made') });
  // It lies beside the program.
  const [, file = ''] = /-f (\S+)/.exec(without.text) ?? [];
  expect(refused.text).toContain(file);
  expect((await app.query('select from pg_roles where rolname = any ($1)', [ROLES])).rows).toEqual([]);
  // The owner alone is a sync, a relay and a reader then.
  await using project = await SyncProject.create();
  await project.repository.commit('First', sampleFiles());
  await project.sync({ databaseUrl: asDeployer });
  await using owned = await relay({ source: asDeployer });
  await owned.ready;
  await owned.stop();

  await app.query(await readFile(file, 'utf8'));
  {
    await using login = await createLogin(asAdmin, {
      group: 'halyard_relay',
      sees: { project: PROJECT, environment: 'prod' },
    });
    await using served = await relay({ source: login.url });
    await served.ready;
    await served.stop();
  }
  // With the roles there, the owner needs no more to grant.
  expect(await halyard(asDeployer, 'migrate')).toMatchObject({
    code: 0,
    text: expect.stringContaining('granted'),
  });

  await admin.query('alter role halyard_reader superuser');
  await expect(migrate(asAdmin)).rejects.toThrow(
    /halyard_reader is there already, and is more than a group \(superuser\)/,
  );
  await admin.query('alter role halyard_reader nosuperuser; grant pg_read_all_data to halyard_reader');
  await expect(migrate(asDeployer)).rejects.toThrow(/more than a group \(member of pg_read_all_data\)/);
  await expect(migrate(asDeployer)).rejects.toBeInstanceOf(UsageError);
  expect(await migrate(asDeployer, { roles: false })).toEqual([]);
});
