// I6: sync and PostgreSQL are killed at random moments, over a stream of real commits, and nothing is lost or done twice.
import { chmod, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { verifyAudit } from '../../src/audit/verify.ts';
import { startEmbeddedPostgres } from '../../src/db/embedded-postgres.ts';
import { migrate } from '../../src/db/migrate.ts';
import {
  CommitStream,
  commitsThatMatter,
  servedByDatabase,
  untilJudged,
  wantedByWorkTree,
} from '../support/commit-stream.ts';
import { temporaryFolder } from '../support/git-repository.ts';
import { SyncProcess } from '../support/sync-process.ts';
import { SyncProject, sampleFiles } from '../support/sync-project.ts';
import { until } from '../support/until.ts';

const KILLS_OF_SYNC = 50;
const KILLS_OF_POSTGRES = 10;

function syncOf(project: SyncProject, ...more: string[]): SyncProcess {
  const { repository, stateFolder, database } = project;
  const args = ['--repo', repository.folder, '--state-dir', stateFolder, '--interval', '50ms', ...more];
  return new SyncProcess(args, { HALYARD_DATABASE_URL: database.url });
}

/** The database equals the head, every commit that matters has one entry, in order, and the audit verifies. */
async function expectWhole(project: SyncProject, first: string): Promise<void> {
  const entries = await project.entries();
  expect(entries.map(({ commit }) => commit)).toEqual(await commitsThatMatter(project, first));
  expect(entries.map(({ entry }) => entry)).toEqual(entries.map((_, index) => index + 1));
  const revisions = await project.query<{ number: number; entry: number }>(
    'select number, entry from halyard.revision order by number',
  );
  expect(revisions).toEqual(
    entries
      .filter(({ revision }) => revision !== undefined)
      .map(({ revision, entry }) => ({ number: revision, entry })),
  );
  expect(await servedByDatabase(project)).toEqual(await wantedByWorkTree(project));
  expect(await verifyAudit(project.pool)).not.toHaveProperty('break');
}

test(`I6: sync is killed ${KILLS_OF_SYNC} times, and the database equals the head`, {
  timeout: 240_000,
}, async () => {
  await using project = await SyncProject.create();
  const first = await project.repository.commit('import', sampleFiles());
  await project.sync();
  const stream = new CommitStream(project, 60);
  let busy = 0;
  for (let kill = 1; kill <= KILLS_OF_SYNC; kill++) {
    await using sync = syncOf(project);
    // One in three dies before or while it starts; the others in the midst of their work.
    if (kill % 3 === 0) await sleep(Math.random() * 600);
    else {
      await until(() => sync.output.length > 0 || sync.hasEnded);
      await sleep(Math.random() * 120);
    }
    busy += Number(sync.output.length > 0);
    expect(await sync.kill('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' });
  }
  const head = await stream.stop();
  expect(busy).toBeGreaterThanOrEqual((KILLS_OF_SYNC * 2) / 3 - 1);
  await using last = syncOf(project, '--once');
  expect(await last.ended).toEqual({ code: 0, signal: null });
  await untilJudged(project, head);
  await expectWhole(project, first);
});

test(`I6: PostgreSQL is killed ${KILLS_OF_POSTGRES} times, and the database equals the head`, {
  timeout: 240_000,
}, async () => {
  const outer = await temporaryFolder('halyard-killed-postgres-');
  await chmod(outer, 0o711);
  let server = await startEmbeddedPostgres({ dataFolder: `${outer}/data` });
  try {
    await migrate(server.url);
    await using project = await SyncProject.create({
      url: server.url,
      name: 'postgres',
      [Symbol.asyncDispose]: async () => {},
    });
    const first = await project.repository.commit('import', sampleFiles());
    const stream = new CommitStream(project, 20);
    await using sync = syncOf(project);
    for (let kill = 1; kill <= KILLS_OF_POSTGRES; kill++) {
      const told = sync.output.length;
      await until(() => sync.output.length > told || sync.hasEnded);
      await sleep(Math.random() * 150);
      process.kill(server.pid, 'SIGKILL');
      await server.ended;
      server = await startEmbeddedPostgres({ dataFolder: server.dataFolder, port: server.port });
    }
    await untilJudged(project, await stream.stop());
    expect(sync.hasEnded).toBe(false);
    await sync.kill('SIGTERM');
    const [imported] = await project.entries();
    await expectWhole(project, imported?.commit ?? first);
    // Told once each: a reply that was lost after COMMIT is settled by the chain.
    const told = sync.output.flatMap((line) => / {2}entry (\d+) {2}/.exec(line)?.[1] ?? []);
    expect(told.map(Number)).toEqual((await project.entries()).map(({ entry }) => entry));
  } finally {
    await server.stop();
    await rm(outer, { recursive: true, force: true, maxRetries: 5 });
  }
});
