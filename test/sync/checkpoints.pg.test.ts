// Checkpoints in a ref: after each entry, whatever happens to the repository or to sync, and none of a chain that was changed.
import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readCheckpoint } from '../../src/audit/checkpoint.ts';
import { readSigningKey, type SigningKey } from '../../src/audit/signing-key.ts';
import { Pool } from '../../src/db/pool.ts';
import type { SyncEvent } from '../../src/sync/event.ts';
import { Sync } from '../../src/sync/loop.ts';
import { createSyncServer } from '../../src/sync/server.ts';
import { GitRepository, temporaryFolder } from '../support/git-repository.ts';
import { MAIN } from '../support/main-file.ts';
import { madeKey } from '../support/signing-key.ts';
import { flagYaml, PROJECT, SyncProject, sampleFiles } from '../support/sync-project.ts';
import { until, within } from '../support/until.ts';

const run = promisify(execFile);
const REF = 'refs/halyard/checkpoints';
const FILE = 'acme%2Fshop.json';

let project: SyncProject;
let proof: GitRepository;
let key: SigningKey;
let folder: string;

beforeEach(async () => {
  [project, proof, folder] = await Promise.all([
    SyncProject.create(),
    GitRepository.create(),
    temporaryFolder('halyard-keys-'),
  ]);
  await proof.commit('Proof', { 'README.md': 'Checkpoints are in a ref.' });
  await project.repository.commit('First', sampleFiles());
  key = readSigningKey(await madeKey(folder, 'key'), 'key');
});
afterEach(async () => {
  await project[Symbol.asyncDispose]();
  await proof[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const checkpoints = () => ({ checkpoints: { key, ref: REF, repo: proof.folder } });
const change = (percent: number) =>
  project.repository.commit(`To ${percent}`, { 'flags/checkout.yaml': flagYaml('checkout', percent) });
const types = (events: SyncEvent[]) => events.map(({ type }) => type);

async function newest(repository = proof) {
  const text = await repository.git('show', `${REF}:${FILE}`).catch(() => undefined);
  const found = text === undefined ? undefined : readCheckpoint(text);
  if (typeof found === 'string') throw new Error(found);
  return found;
}

async function expectNewestOf(entry: number): Promise<void> {
  const [row] = await project.query<{ hash: string }>(
    'select hash from halyard.audit_entry where entry = $1',
    [entry],
  );
  expect(await newest()).toMatchObject({
    project: PROJECT,
    entry,
    hash: row?.hash,
    fingerprint: key.fingerprint,
  });
}

test('each entry is signed and pushed, applied or rejected, on top of the ones before', async () => {
  const { events } = await project.sync(checkpoints());
  expect(types(events)).toEqual(['applied', 'checkpointed']);
  await expectNewestOf(1);
  await change(20);
  await project.sync(checkpoints());
  await project.repository.commit('Broken', { 'flags/checkout.yaml': 'flag: [' });
  expect(types((await project.sync(checkpoints())).events)).toEqual(['rejected', 'checkpointed']);
  await expectNewestOf(3);
  expect(await proof.git('log', '--format=%an %s', REF)).toBe(
    [3, 2, 1].map((entry) => `halyard ${PROJECT} entry ${entry}`).join('\n'),
  );
  expect(types((await project.sync(checkpoints())).events)).toEqual([]);
});

test('the ref may be in the repository that is followed, which goes on as before', async () => {
  const inRepo = { checkpoints: { key, ref: REF } };
  for (const percent of [20, 30]) {
    await change(percent);
    expect((await project.sync(inRepo)).outcome).toBe('applied');
  }
  expect((await newest(project.repository))?.entry).toBe(2);
  expect(() => new Sync(project.options({ checkpoints: { key, ref: 'refs/heads/main' } }))).toThrow(
    '--checkpoint-ref is the branch that is followed',
  );
});

test('a repository that is away keeps nothing from being applied, is told, and gets what it missed', async () => {
  const events: SyncEvent[] = [];
  await using sync = new Sync(project.options({ ...checkpoints(), onEvent: (event) => events.push(event) }));
  const stop = new AbortController();
  const running = sync.run(stop.signal);
  await until(() => sync.status.report().checkpoints?.entry === 1);
  await proof.away(async () => {
    await change(20);
    await until(() => sync.status.report().entry === 2);
    await change(30);
    await until(() => sync.status.report().entry === 3 && (sync.status.checkpoints?.failuresInARow ?? 0) > 1);
    expect(sync.status.report()).toMatchObject({
      state: 'applied',
      checkpoints: { entry: 1, problem: expect.stringContaining('There is no folder') },
    });
    const server = createSyncServer({ status: sync.status, wake: () => {} });
    const metrics = (await server.inject('/metrics')).body;
    expect(metrics).toMatch(/^halyard_sync_checkpoint_up 0$/m);
    expect(metrics).toMatch(/^halyard_sync_checkpoint_entry 1$/m);
    expect(metrics).toMatch(/^halyard_sync_checkpoint_failures_total [1-9]/m);
    expect((await server.inject('/readyz')).statusCode).toBe(200);
    await server.close();
  });
  await until(() => sync.status.report().checkpoints?.entry === 3);
  stop.abort();
  await running;
  await expectNewestOf(3);
  expect(types(events).filter((type) => type === 'checkpoint-failed')).toEqual(['checkpoint-failed']);
  expect(sync.status.report().checkpoints).toMatchObject({ failuresInARow: 0, entry: 3 });
  expect(sync.status.report().checkpoints).not.toHaveProperty('problem');
});

test('two syncs share a ref, and projects of several databases too', async () => {
  await using other = await SyncProject.create();
  const files = sampleFiles();
  await other.repository.commit('First', {
    ...files,
    'flags/project.yaml': String(files['flags/project.yaml']).replace(PROJECT, 'acme/other'),
  });
  const one = { ...checkpoints(), stateFolder: join(folder, 'one') };
  const two = { ...checkpoints(), stateFolder: join(folder, 'two') };
  await Promise.all([project.sync(one), project.sync(two), other.sync(checkpoints())]);
  await change(20);
  await project.sync(two);
  await change(30);
  await project.sync(one);
  await expectNewestOf(3);
  expect((await proof.git('ls-tree', '--name-only', REF)).split('\n')).toEqual(['acme%2Fother.json', FILE]);
});

const TAMPERED: [what: string, sql: string][] = [
  [
    'cut',
    `delete from halyard.snapshot_head; delete from halyard.audit_change where entry > 1;
     delete from halyard.revision where entry > 1; delete from halyard.audit_entry where entry > 1;
     update halyard.project set last_entry = 1`,
  ],
  ['rewritten, and grown on', `update halyard.audit_entry set hash = repeat('a', 64) where entry = 2`],
];
test.each(TAMPERED)('a chain that was %s is signed no more, and that is said', async (_how, sql) => {
  await project.sync(checkpoints());
  await change(20);
  await project.sync(checkpoints());
  await project.query(`set session_replication_role = replica`);
  await using owner = new Pool(project.database.url, { maxConnections: 1 });
  await owner.withConnection(async (connection) => {
    for (const switched of ['disable', 'enable always'])
      await connection.query(
        `do $$ declare t record; begin
           for t in select c.relname, g.tgname from pg_trigger g join pg_class c on c.oid = g.tgrelid
             where c.relnamespace = 'halyard'::regnamespace and not g.tgisinternal loop
             execute format('alter table halyard.%I ${switched} trigger %I', t.relname, t.tgname);
           end loop;
         end $$; ${switched === 'disable' ? sql : ''}`,
      );
  });
  await change(30);
  const events: SyncEvent[] = [];
  await using sync = new Sync(project.options({ ...checkpoints(), onEvent: (event) => events.push(event) }));
  const stop = new AbortController();
  const running = sync.run(stop.signal);
  await until(() => sync.status.checkpoints?.problem !== undefined);
  expect(sync.status.checkpoints?.problem).toMatch(
    /^the chain of acme\/shop no longer holds entry 2 as it was signed at /,
  );
  stop.abort();
  await running;
  expect((await newest())?.entry).toBe(2);
});

test('what strangers write into the ref is passed over, and stays in its history', async () => {
  await project.sync(checkpoints());
  const foreign = readSigningKey(await madeKey(folder, 'foreign'), 'foreign');
  await proof.git('checkout', '--quiet', REF);
  await proof.commit('Meddled', { [FILE]: `{"by":"${foreign.fingerprint}"}\n` });
  await proof.git('update-ref', REF, 'HEAD');
  await change(20);
  await project.sync(checkpoints());
  await expectNewestOf(2);
  expect(await proof.git('log', '--format=%s', REF)).toBe(
    [`${PROJECT} entry 2`, 'Meddled', `${PROJECT} entry 1`].join('\n'),
  );
});

test('an entry that sync left without its checkpoint, killed in between, gets it from the next one that people run', async () => {
  await project.sync();
  await change(20);
  await project.sync();
  const keyFile = join(folder, 'key');
  const sync = (...more: string[]) =>
    run(process.execPath, [MAIN, 'sync', '--once', '--repo', project.repository.folder, ...more], {
      env: {
        ...process.env,
        HALYARD_DATABASE_URL: project.database.url,
        XDG_STATE_HOME: join(folder, 'state'),
      },
    });
  const signing = ['--checkpoint-key', keyFile, '--checkpoint-ref', REF, '--checkpoint-repo', proof.folder];
  const { stdout } = await within(60_000, sync(...signing));
  expect(stdout).toMatch(/^signed {4}entry 2 {2}checkpoint in refs\/halyard\/checkpoints of \//m);
  await expectNewestOf(2);
  await expect(sync('--checkpoint-key', keyFile)).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--checkpoint-ref'),
  });
});
