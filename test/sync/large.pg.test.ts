// Ten thousand definitions: one transaction, few statements, within seconds, with every guard on; and then one edit.
import { expect, test } from 'vitest';
import { Pool, type Queryable } from '../../src/db/pool.ts';
import { nothingApplied } from '../../src/sync/applied.ts';
import { judgeCommit } from '../../src/sync/judge.ts';
import { Sync } from '../../src/sync/loop.ts';
import { recordJudgement } from '../../src/sync/record.ts';
import { createDatabase } from '../support/database.ts';
import { flagYaml, PROJECT, PROJECT_YAML, SyncProject } from '../support/sync-project.ts';

const FLAGS = 10_000;
const COMMIT_DEADLINE_MS = 5_000;

function manyFlags(): Record<string, string> {
  const files: Record<string, string> = { 'flags/project.yaml': PROJECT_YAML };
  for (let n = 0; n < FLAGS; n++)
    files[`flags/area-${n % 100}/flag-${n}.yaml`] = flagYaml(`flag-${n}`, n % 100);
  return files;
}

/** Notes each statement that it runs. */
class WatchedPool extends Pool {
  readonly statements: string[] = [];

  override withConnection<T>(use: (connection: Queryable) => Promise<T>): Promise<T> {
    return super.withConnection((connection) =>
      use({
        query: (text, values) => {
          this.statements.push(text.trim().split(/\s+/).slice(0, 3).join(' '));
          return connection.query(text, values);
        },
      }),
    );
  }
}

test(`${FLAGS} definitions are one transaction of few statements, within ${COMMIT_DEADLINE_MS} ms`, {
  retry: 2,
}, async () => {
  await using database = await createDatabase();
  await using pool = new WatchedPool(database.url);
  const source = { repository: '/srv/shop', path: 'flags', branch: 'main' };
  const applied = nothingApplied(PROJECT, source);
  const files = Object.entries(manyFlags()).map(([path, text]) => ({
    path: path.slice('flags/'.length),
    kind: 'file' as const,
    content: Buffer.from(text),
  }));
  const commit = {
    id: 'c0ffee',
    tree: 'beef',
    parents: [],
    author: 'a',
    committer: 'c',
    committedAt: '',
    subject: '',
  };
  const judgement = judgeCommit(commit, files, { ...applied, project: PROJECT }, undefined);
  const before = performance.now();
  const { event } = await recordJudgement(pool, source, applied, judgement, () => {});
  const tookMs = performance.now() - before;
  expect(event).toMatchObject({ type: 'applied', entry: 1, revision: 1 });
  expect(pool.statements.filter((text) => /^(begin|commit|rollback)/.test(text))).toEqual([
    'begin isolation level',
    'commit',
  ]);
  expect(pool.statements.length).toBeLessThanOrEqual(15);
  const { rows } = await pool.query('select count(*)::int as count from halyard.environment_definition');
  expect(rows).toEqual([{ count: 2 * (FLAGS + 1) }]);
  process.stdout.write(`${FLAGS} definitions committed in ${Math.round(tookMs)} ms\n`);
  expect(tookMs).toBeLessThan(COMMIT_DEADLINE_MS);
});

test(`one edit among ${FLAGS} flags writes its own rows alone, soon`, { retry: 2 }, async () => {
  await using project = await SyncProject.create();
  await project.repository.commit('import', manyFlags());
  const stop = new AbortController();
  await using sync = new Sync(project.options());
  expect(await sync.runOnce(stop.signal)).toBe('applied');
  await project.repository.commit('edit', { 'flags/area-7/flag-7.yaml': flagYaml('flag-7', 77) });
  const before = performance.now();
  expect(await sync.runOnce(stop.signal)).toBe('applied');
  const tookMs = performance.now() - before;
  expect(project.events.at(-1)).toMatchObject({
    entry: 2,
    revision: 2,
    changes: [{ key: 'flag-7' }, { environment: 'prod' }],
  });
  const rows = await project.query(
    'select kind, key, environment from halyard.environment_definition where revision = 2',
  );
  expect(rows).toEqual([{ kind: 'flag', key: 'flag-7', environment: 'prod' }]);
  process.stdout.write(`one edit among ${FLAGS} flags applied in ${Math.round(tookMs)} ms\n`);
  expect(tookMs).toBeLessThan(2_000);
});
